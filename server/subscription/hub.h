#ifndef DEMARCHE_SERVER_SUBSCRIPTION_HUB_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_HUB_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/limits/limits.h"
#include "server/log/event_log.h"

namespace demarche::subscription {

struct HubOptions {
  size_t max_events = limits::kMaxRingEvents;
  size_t max_bytes = limits::kMaxRingBytes;
};

// The most recent records, in memory, for readers at the live end. The committing thread publishes and never waits for a reader:
// what a reader does not take in time is dropped here and read from the log. Any number of threads read.
class Hub {
 public:
  // Records after a position, and how far they go: nothing lies between the last of them and `through`.
  struct Recent {
    std::vector<log::RecordPtr> records;
    uint64_t through = 0;
  };

  // `end`: the log's last position.
  Hub(uint64_t end, HubOptions options) : options_(options), start_(end), end_(end) {}
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  // Durable records, in order, each once. Then calls the listener.
  void Publish(const std::vector<log::RecordPtr>& records);

  // Called after each Publish, on the publishing thread: it must not block. Set before the first Publish.
  void SetListener(std::function<void()> listener);

  // The position that everything published reaches to.
  uint64_t end() const;

  // Records with events after the position, at least one when there is one, until a bound is exceeded. None when the position lies
  // before what is kept.
  std::optional<Recent> ReadAfter(uint64_t after, size_t max_events, size_t max_bytes) const;

 private:
  struct Entry {
    log::RecordPtr record;
    uint64_t position;  // its last
    size_t events;
    size_t bytes;        // memory
    size_t frame_bytes;  // to be sent
  };

  void Keep(const log::RecordPtr& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const HubOptions options_;
  mutable absl::Mutex mutex_;
  std::function<void()> listener_ ABSL_GUARDED_BY(mutex_);
  std::deque<Entry> ring_ ABSL_GUARDED_BY(mutex_);  // by position
  size_t events_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t start_ ABSL_GUARDED_BY(mutex_);  // all after it is in the ring
  uint64_t end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_HUB_H_
