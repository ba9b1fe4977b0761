#ifndef DEMARCHE_SERVER_LOG_RETAINER_H_
#define DEMARCHE_SERVER_LOG_RETAINER_H_

#include <chrono>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/log/clock.h"
#include "server/log/event_log.h"

namespace demarche::log {

// The operator's bounds. Zero bounds nothing.
struct RetentionBounds {
  std::chrono::seconds max_age{0};       // of records
  uint64_t max_bytes = 0;                // of records and texts
  std::chrono::seconds max_item_age{0};  // of the idempotency entries of dropped records
};

// What the bounds let go at a time.
Retention RetentionAt(const RetentionBounds& bounds, int64_t now_us);

// Trims the log at intervals, beginning at once, in a thread of its own that ends with the object. The log outlives it.
class Retainer {
 public:
  struct Options {
    RetentionBounds bounds;
    std::chrono::milliseconds interval{60'000};
    Clock clock = SystemTimeUs;
    std::function<uint64_t()> keep_after;               // see Retention; may be empty
    std::function<void(const absl::Status&)> on_error;  // of its own thread; the next interval tries again
  };

  Retainer(EventLog& log, Options options);
  ~Retainer();

 private:
  void Run();
  void TrimAll();
  bool is_closing() const;

  EventLog& log_;
  const Options options_;
  mutable absl::Mutex mutex_;
  bool is_closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_RETAINER_H_
