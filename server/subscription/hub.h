#ifndef DEMARCHE_SERVER_SUBSCRIPTION_HUB_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_HUB_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/limits/limits.h"
#include "server/log/event_log.h"
#include "server/subscription/chunk.h"
#include "server/subscription/router.h"

namespace demarche::subscription {

struct HubOptions {
  size_t max_events = limits::kMaxRingEvents;
  size_t max_bytes = limits::kMaxRingBytes;
};

// The live end of the stream: a ring of the most recent revisions, each encoded once for all watches. The committing thread
// publishes and never waits for a reader: what a reader does not take in time is dropped here and read from the log. Another thread
// dispatches what was published to the lanes, from which any number take.
class Hub {
 public:
  // Begins at the end of the log.
  Hub(const log::LogInfo& log, HubOptions options);
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  // Durable records, in order, each once. Then calls the listener.
  void Publish(const std::vector<log::RecordPtr>& records);
  // Forgets all revisions that were published, for some of them were erased in the log: from now on they are read from there. On
  // the publishing thread.
  void Forget();
  // How often that was. What was read from the log before the last time may hold what was erased.
  uint64_t forgotten() const { return forgotten_.load(std::memory_order_acquire); }
  // Called after each Publish, on the publishing thread: it must not block.
  void SetListener(std::function<void()> listener);

  // Puts what was published since into the lanes. Gives those who waited for it.
  std::vector<WaiterPtr> Dispatch();

  // The position that everything published reaches to.
  uint64_t end() const;
  Router& router() { return router_; }
  // Encodes as the ring does.
  const FrameWriter& writer() const { return plain_writer_; }

 private:
  // What one Publish adds.
  struct Addition {
    std::vector<std::shared_ptr<Chunk>> chunks;
    std::vector<Placed> placed;
    size_t events = 0;
    size_t bytes = 0;
  };

  void Encode(const log::RecordPtr& record, Addition& addition);
  void Trim() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const HubOptions options_;
  const size_t max_chunk_events_;
  const size_t max_chunk_bytes_;
  const FrameWriter plain_writer_;
  Router router_;
  std::atomic<uint64_t> forgotten_ = 0;

  // Of the publishing thread.
  FrameWriter writer_;
  std::shared_ptr<Chunk> open_;  // takes more
  uint64_t chunks_ = 0;

  mutable absl::Mutex mutex_;
  std::function<void()> listener_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<Chunk>> ring_ ABSL_GUARDED_BY(mutex_);
  size_t events_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Placed> undispatched_ ABSL_GUARDED_BY(mutex_);
  uint64_t skipped_ ABSL_GUARDED_BY(mutex_) = 0;  // dropped before it was dispatched
  uint64_t end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_HUB_H_
