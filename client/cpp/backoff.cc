#include "client/cpp/backoff.h"

#include <algorithm>

namespace demarche::client {

absl::Duration Backoff::Next(absl::Duration at_least) {
  const double share = std::uniform_real_distribution<double>(0.5, 1.0)(random_);
  const absl::Duration wait = next_ * share;
  next_ = std::min(next_ * 2, options_.longest);
  // Those who were all told the same time are spread after it.
  return at_least > absl::ZeroDuration() ? at_least + wait : wait;
}

}  // namespace demarche::client
