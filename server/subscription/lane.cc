#include "server/subscription/lane.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/limits/limits.h"

namespace demarche::subscription {

Lane::Next Lane::Take(uint64_t after, size_t max_events, const WaiterPtr& waiter) {
  const absl::MutexLock lock(&mutex_);
  if (after < start_) return {.is_behind = true};
  const auto ends_before = [](uint64_t position, const Stretch& stretch) { return position < stretch.last_position; };
  const auto next = std::upper_bound(stretches_.cbegin(), stretches_.cend(), after, ends_before);
  if (next == stretches_.cend()) {
    waiters_.insert(waiter);
    return {};
  }
  if (latest_after_ == after) {
    if (BatchPtr latest = latest_.lock(); latest != nullptr && latest->events <= max_events) return {.batch = std::move(latest)};
  }
  BatchPtr batch = Make(next, after, max_events);
  if (batch == nullptr) return {.is_behind = true};
  if (max_events < limits::kMaxBatchEvents) return {.batch = std::move(batch)};
  latest_ = batch;
  latest_after_ = after;
  return {.batch = std::move(batch)};
}

// Null when the ring has dropped what comes first.
BatchPtr Lane::Make(std::deque<Stretch>::const_iterator stretch, uint64_t after, size_t max_events) const {
  std::shared_ptr<const Chunk> chunk = stretch->chunk.lock();
  if (chunk == nullptr) return nullptr;
  uint32_t first = chunk->FirstAfter(after, stretch->first, stretch->last);
  // Batches end at the same places for all, so that who lags and who does not come to share them.
  const uint64_t ordinal = stretch->ordinal + (first - stretch->first);
  BatchBuilder builder(std::min(max_events, limits::kMaxBatchEvents - ordinal % limits::kMaxBatchEvents));
  while (builder.Add(chunk, first, stretch->last, stretch->match)) {
    if (++stretch == stretches_.cend()) break;
    chunk = stretch->chunk.lock();
    if (chunk == nullptr) break;
    first = stretch->first;
  }
  return builder.Build();
}

void Lane::Forget(const WaiterPtr& waiter) {
  const absl::MutexLock lock(&mutex_);
  waiters_.erase(waiter);
}

void Lane::Add(const std::shared_ptr<const Chunk>& chunk, uint32_t first, uint32_t last, const Match& match, size_t max_stretches) {
  const absl::MutexLock lock(&mutex_);
  const uint64_t ordinal = std::exchange(added_, added_ + (last - first));
  const uint64_t last_position = chunk->position(last - 1);
  if (!stretches_.empty()) {
    Stretch& before = stretches_.back();
    if (before.chunk_number == chunk->number() && before.last == first && before.match == match) {
      before.last = last;
      before.last_position = last_position;
      return;
    }
  }
  stretches_.push_back({chunk, chunk->number(), last_position, ordinal, first, last, match});
  while (stretches_.size() > max_stretches || stretches_.front().chunk.expired()) {
    start_ = std::max(start_, stretches_.front().last_position);
    stretches_.pop_front();
  }
}

void Lane::Skip(uint64_t position) {
  const absl::MutexLock lock(&mutex_);
  start_ = std::max(start_, position);
  stretches_.clear();
}

void Lane::TakeWaiters(std::vector<WaiterPtr>& waiters) {
  const absl::MutexLock lock(&mutex_);
  waiters.insert(waiters.end(), waiters_.begin(), waiters_.end());
  waiters_.clear();
}

}  // namespace demarche::subscription
