#include "server/subscription/hub.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace demarche::subscription {
namespace {

constexpr size_t kChunksInRing = 4;  // at least: the ring forgets a chunk at a time

}  // namespace

Hub::Hub(const log::LogInfo& log, HubOptions options)
    : options_(options),
      max_chunk_events_(std::clamp(options.max_events / kChunksInRing, size_t{1}, limits::kMaxBatchEvents)),
      max_chunk_bytes_(std::clamp(options.max_bytes / kChunksInRing, size_t{1}, limits::kMaxBatchBytes)),
      plain_writer_(log.epoch),
      router_(log.last_position),
      writer_(log.epoch),
      end_(log.last_position) {}

void Hub::Publish(const std::vector<log::RecordPtr>& records) {
  Addition addition;
  for (const log::RecordPtr& record : records) Encode(record, addition);
  std::function<void()> listener;
  {
    const absl::MutexLock lock(&mutex_);
    std::move(addition.chunks.begin(), addition.chunks.end(), std::back_inserter(ring_));
    std::move(addition.placed.begin(), addition.placed.end(), std::back_inserter(undispatched_));
    events_ += addition.events;
    bytes_ += addition.bytes;
    if (!records.empty()) end_ = records.back()->last_position();
    Trim();
    listener = listener_;
  }
  if (listener) listener();
}

void Hub::Encode(const log::RecordPtr& record, Addition& addition) {
  writer_.SetTime(record->append_time_us());
  uint64_t position = record->last_position() - static_cast<uint64_t>(record->events_size());
  for (int i = 0; i < record->events_size(); ++i) {
    const std::string& frame = record->events(i).frame();
    const size_t bytes = writer_.SizeOf(frame);
    const bool is_first = i == 0 || open_ == nullptr || !open_->HasRoom(bytes);
    if (open_ == nullptr || !open_->HasRoom(bytes)) {
      open_ = std::make_shared<Chunk>(++chunks_, max_chunk_events_, std::max(max_chunk_bytes_, bytes));
      addition.chunks.push_back(open_);
    }
    if (is_first) addition.placed.push_back({record, open_, i, open_->count(), 0});
    ++addition.placed.back().count;
    open_->Add(writer_, frame, ++position);
    addition.bytes += bytes;
  }
  addition.events += static_cast<size_t>(record->events_size());
}

void Hub::Trim() {
  while (!ring_.empty() && (events_ > options_.max_events || bytes_ > options_.max_bytes)) {
    const std::shared_ptr<Chunk> oldest = std::move(ring_.front());
    ring_.pop_front();
    events_ -= oldest->count();
    bytes_ -= oldest->used_bytes();
    while (!undispatched_.empty() && undispatched_.front().chunk == oldest) {
      undispatched_.pop_front();
      skipped_ = oldest->position(oldest->count() - 1);
    }
    if (open_ == oldest) open_ = nullptr;
  }
}

std::vector<WaiterPtr> Hub::Dispatch() {
  std::vector<Placed> placed;
  uint64_t skipped = 0;
  uint64_t end = 0;
  {
    const absl::MutexLock lock(&mutex_);
    placed.assign(std::make_move_iterator(undispatched_.begin()), std::make_move_iterator(undispatched_.end()));
    undispatched_.clear();
    skipped = skipped_;
    end = end_;
  }
  std::vector<WaiterPtr> woken;
  router_.Dispatch(placed, skipped, end, woken);
  return woken;
}

void Hub::Forget() {
  uint64_t end = 0;
  {
    const absl::MutexLock lock(&mutex_);
    ring_.clear();
    undispatched_.clear();
    events_ = bytes_ = 0;
    skipped_ = end = end_;
  }
  open_ = nullptr;
  router_.Forget(end);
  forgotten_.fetch_add(1, std::memory_order_release);
}

void Hub::SetListener(std::function<void()> listener) {
  const absl::MutexLock lock(&mutex_);
  listener_ = std::move(listener);
}

uint64_t Hub::end() const {
  const absl::MutexLock lock(&mutex_);
  return end_;
}

}  // namespace demarche::subscription
