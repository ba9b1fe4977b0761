#include "server/subscription/hub.h"

#include <algorithm>
#include <utility>

namespace demarche::subscription {

void Hub::Publish(const std::vector<log::RecordPtr>& records) {
  std::function<void()> listener;
  {
    absl::MutexLock lock(&mutex_);
    for (const log::RecordPtr& record : records) {
      if (record->events_size() > 0) Keep(record);
      end_ = record->last_position();
    }
    listener = listener_;
  }
  if (listener) listener();
}

void Hub::Keep(const log::RecordPtr& record) {
  size_t frame_bytes = 0;
  for (const auto& event : record->events()) frame_bytes += event.frame().size();
  ring_.push_back(
      {record, record->last_position(), static_cast<size_t>(record->events_size()), record->SpaceUsedLong(), frame_bytes});
  events_ += ring_.back().events;
  bytes_ += ring_.back().bytes;
  while (!ring_.empty() && (events_ > options_.max_events || bytes_ > options_.max_bytes)) {
    events_ -= ring_.front().events;
    bytes_ -= ring_.front().bytes;
    start_ = ring_.front().position;
    ring_.pop_front();
  }
}

void Hub::SetListener(std::function<void()> listener) {
  absl::MutexLock lock(&mutex_);
  listener_ = std::move(listener);
}

uint64_t Hub::end() const {
  absl::ReaderMutexLock lock(&mutex_);
  return end_;
}

std::optional<Hub::Recent> Hub::ReadAfter(uint64_t after, size_t max_events, size_t max_bytes) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (after < start_) return std::nullopt;
  Recent recent;
  auto entry =
      std::upper_bound(ring_.begin(), ring_.end(), after, [](uint64_t position, const Entry& e) { return position < e.position; });
  size_t events = 0;
  size_t bytes = 0;
  for (; entry != ring_.end() && events < max_events && bytes < max_bytes; ++entry) {
    recent.records.push_back(entry->record);
    events += entry->events;
    bytes += entry->frame_bytes;
  }
  recent.through = entry == ring_.end() ? std::max(end_, after) : recent.records.back()->last_position();
  return recent;
}

}  // namespace demarche::subscription
