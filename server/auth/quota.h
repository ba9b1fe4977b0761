#ifndef DEMARCHE_SERVER_AUTH_QUOTA_H_
#define DEMARCHE_SERVER_AUTH_QUOTA_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace demarche::auth {

// What each principal may use. Zero means as much as it likes.
struct QuotaOptions {
  size_t max_streams = 0;
  size_t max_filters = 0;
  double items_per_second = 0;
  double bytes_per_second = 0;
  std::function<absl::Time()> now = absl::Now;
};

// What one principal uses. Any thread.
class Quota {
 public:
  Quota(std::string principal, const QuotaOptions& options) : principal_(std::move(principal)), options_(options) {}

  // An item of so many bytes. QUOTA_EXCEEDED with RetryInfo when there were too many in the last second; a single item is always
  // taken in the end, however large.
  absl::Status TakeItem(size_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  // A stream; QUOTA_EXCEEDED when as many are open as may be. Each that is opened is closed once.
  absl::Status OpenStream() ABSL_LOCKS_EXCLUDED(mutex_);
  void CloseStream() ABSL_LOCKS_EXCLUDED(mutex_);
  // A stream has so many filters in place of those that it had. QUOTA_EXCEEDED, and it keeps those it had, when all streams
  // together would have too many.
  absl::Status ChangeFilters(size_t had, size_t wanted) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // What is left of a second's worth; below zero it must be waited for.
  struct Bucket {
    double left = 0;
    bool is_begun = false;
    void Refill(double rate, double seconds);
  };

  const std::string principal_;
  const QuotaOptions& options_;
  absl::Mutex mutex_;
  absl::Time refilled_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  Bucket items_ ABSL_GUARDED_BY(mutex_);
  Bucket bytes_ ABSL_GUARDED_BY(mutex_);
  size_t streams_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t filters_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The quotas of all principals; they live as long as it does. Any thread.
class Quotas {
 public:
  explicit Quotas(QuotaOptions options) : options_(std::move(options)) {}
  Quota& Of(const std::string& principal) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const QuotaOptions options_;
  absl::Mutex mutex_;
  std::map<std::string, Quota> quotas_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace demarche::auth

#endif  // DEMARCHE_SERVER_AUTH_QUOTA_H_
