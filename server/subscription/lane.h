#ifndef DEMARCHE_SERVER_SUBSCRIPTION_LANE_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_LANE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "server/subscription/batch.h"
#include "server/subscription/chunk.h"
#include "server/subscription/match.h"

namespace demarche::subscription {

// Who is told that a lane has more.
class Waiter {
 public:
  virtual ~Waiter() = default;
  // Called once for each time it was left waiting, on the dispatching thread or one that this chose.
  virtual void OnMore() = 0;
};
using WaiterPtr = std::shared_ptr<Waiter>;

// Where the revisions lie in the ring that one set of filters wants: watches with the same filters share a lane, their matching and
// their batches. It keeps no chunk alive: what the ring has dropped is gone here too. One thread adds, any number take.
class Lane {
 public:
  // What lies after a position.
  struct Next {
    bool is_behind = false;  // the lane does not reach back to there
    BatchPtr batch = nullptr;
  };

  // It knows what is wanted after `start`.
  explicit Lane(uint64_t start) : start_(start) {}
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // The next batch of at most so many; when there is none, the waiter is told of more.
  Next Take(uint64_t after, size_t max_events, const WaiterPtr& waiter);
  void Forget(const WaiterPtr& waiter);

  // Entries `first` to `last` (not included) of the chunk are wanted. Keeps at most so many stretches.
  void Add(const std::shared_ptr<const Chunk>& chunk, uint32_t first, uint32_t last, const Match& match, size_t max_stretches);
  // What lies up to the position was not looked at.
  void Skip(uint64_t position);
  // Moves those that wait to the end of `waiters`.
  void TakeWaiters(std::vector<WaiterPtr>& waiters);

 private:
  // Entries of one chunk, one after the other, that match alike.
  struct Stretch {
    std::weak_ptr<const Chunk> chunk;
    uint64_t chunk_number;
    uint64_t last_position;
    uint64_t ordinal;  // of its first revision in the lane
    uint32_t first;
    uint32_t last;  // not included
    Match match;
  };

  BatchPtr Make(std::deque<Stretch>::const_iterator stretch, uint64_t after, size_t max_events) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  uint64_t start_ ABSL_GUARDED_BY(mutex_);
  uint64_t added_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Stretch> stretches_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<WaiterPtr> waiters_ ABSL_GUARDED_BY(mutex_);
  std::weak_ptr<const Batch> latest_ ABSL_GUARDED_BY(mutex_);  // the batch made last, while someone sends it
  uint64_t latest_after_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_LANE_H_
