#include "server/auth/quota.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "server/error/error.h"

namespace demarche::auth {
namespace {

constexpr std::chrono::milliseconds kRetryStream{1000};

absl::Status Exceeded(const std::string& what, std::chrono::milliseconds retry_after) {
  return error::Make(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_QUOTA_EXCEEDED, what, {.retry_after = retry_after});
}

// Until a bucket that lies below zero is filled again.
double SecondsToWait(double left, double rate) { return rate <= 0 || left > 0 ? 0 : -left / rate; }

}  // namespace

void Quota::Bucket::Refill(double rate, double seconds) {
  left = is_begun ? std::min(rate, left + rate * seconds) : rate;
  is_begun = true;
}

absl::Status Quota::TakeItem(size_t bytes) {
  if (options_.items_per_second <= 0 && options_.bytes_per_second <= 0) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  const absl::Time now = options_.now();
  const double seconds = items_.is_begun ? std::max(0.0, absl::ToDoubleSeconds(now - refilled_)) : 0;
  refilled_ = now;
  items_.Refill(options_.items_per_second, seconds);
  bytes_.Refill(options_.bytes_per_second, seconds);
  const double wait = std::max(options_.items_per_second > 0 ? SecondsToWait(items_.left - 1, options_.items_per_second) : 0,
                               SecondsToWait(bytes_.left, options_.bytes_per_second));
  if (wait > 0) {
    return Exceeded(absl::StrCat("'", principal_, "' publishes more than ", options_.items_per_second, " items or ",
                                 options_.bytes_per_second, " bytes a second; nothing was stored"),
                    std::chrono::milliseconds(static_cast<int64_t>(std::ceil(wait * 1000))));
  }
  items_.left -= 1;
  bytes_.left -= static_cast<double>(bytes);
  return absl::OkStatus();
}

absl::Status Quota::OpenStream() {
  absl::MutexLock lock(&mutex_);
  if (options_.max_streams > 0 && streams_ >= options_.max_streams) {
    return Exceeded(absl::StrCat("'", principal_, "' has ", streams_, " streams open, which is all it may"), kRetryStream);
  }
  ++streams_;
  return absl::OkStatus();
}

void Quota::CloseStream() {
  absl::MutexLock lock(&mutex_);
  --streams_;
}

absl::Status Quota::ChangeFilters(size_t had, size_t wanted) {
  absl::MutexLock lock(&mutex_);
  const size_t filters = filters_ - had + wanted;
  if (wanted > had && options_.max_filters > 0 && filters > options_.max_filters) {
    return Exceeded(
        absl::StrCat("filters: '", principal_, "' would have ", filters, " in its open streams, at most ", options_.max_filters),
        kRetryStream);
  }
  filters_ = filters;
  return absl::OkStatus();
}

Quota& Quotas::Of(const std::string& principal) {
  absl::MutexLock lock(&mutex_);
  return quotas_.try_emplace(principal, principal, options_).first->second;
}

}  // namespace demarche::auth
