#ifndef DEMARCHE_CLIENT_CPP_BACKOFF_H_
#define DEMARCHE_CLIENT_CPP_BACKOFF_H_

#include <random>

#include "absl/time/time.h"

namespace demarche::client {

// Bounds of the waits between attempts.
struct BackoffOptions {
  absl::Duration first = absl::Milliseconds(250);
  absl::Duration longest = absl::Seconds(30);
};

// The waits between attempts to reconnect: each twice the one before up to a bound, of which a random half to whole is waited, so
// that clients cut off together do not return together. One thread.
class Backoff {
 public:
  explicit Backoff(BackoffOptions options) : options_(options), next_(options.first), random_(std::random_device()()) {}

  // How long to wait now; at least what the server asked for.
  absl::Duration Next(absl::Duration at_least = absl::ZeroDuration());
  // An attempt succeeded.
  void Reset() { next_ = options_.first; }

 private:
  const BackoffOptions options_;
  absl::Duration next_;
  std::minstd_rand random_;
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_BACKOFF_H_
