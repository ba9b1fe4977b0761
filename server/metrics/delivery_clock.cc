#include "server/metrics/delivery_clock.h"

#include <algorithm>

namespace demarche::metrics {

void DeliveryClock::Note(const std::vector<std::shared_ptr<const stored::v1::Record>>& records) {
  absl::MutexLock lock(&mutex_);
  for (const auto& record : records) {
    if (entries_.empty()) forgotten_ = record->last_position() - std::max(1, record->events_size());
    entries_.push_back({record->last_position(), record->ingest_time_us()});
    if (entries_.size() <= kMaxRecords) continue;
    forgotten_ = entries_.front().last_position;
    entries_.pop_front();
  }
}

std::optional<int64_t> DeliveryClock::IngestTimeOf(uint64_t position) const {
  absl::MutexLock lock(&mutex_);
  if (position <= forgotten_) return std::nullopt;
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), position,
                                      [](const Entry& entry, uint64_t wanted) { return entry.last_position < wanted; });
  if (found == entries_.end()) return std::nullopt;
  return found->ingest_time_us;
}

}  // namespace demarche::metrics
