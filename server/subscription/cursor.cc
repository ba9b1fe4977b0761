#include "server/subscription/cursor.h"

#include <algorithm>
#include <utility>

#include "server/limits/limits.h"

namespace demarche::subscription {

uint64_t Cursor::backlog() const {
  const uint64_t end = hub_.end();
  return end > position_ ? end - position_ : 0;
}

absl::StatusOr<Step> Cursor::Next() {
  if (pending_.empty()) {
    auto told = Fetch();
    if (!told.ok()) return told.status();
    if (told->has_value()) return **std::move(told);
  }
  return TakeBatch();
}

absl::StatusOr<std::optional<Step>> Cursor::Fetch() {
  // What is appended all the time never stops long enough to be seen idle: reaching the end as it was at the last look is enough.
  const uint64_t end = hub_.end();
  if (!is_live_ && position_ >= std::max(appended_before_, std::min(end, seen_end_))) {
    is_live_ = true;
    return Step{Step::Kind::kCaughtUp};
  }
  if (position_ >= end) return Step{Step::Kind::kIdle};
  seen_end_ = end;
  if (auto recent = hub_.ReadAfter(position_, limits::kMaxBatchEvents, limits::kMaxBatchBytes); recent.has_value()) {
    pending_ = std::move(recent->records);
    pending_through_ = recent->through;
    return std::nullopt;
  }
  if (std::exchange(is_live_, false)) return Step{Step::Kind::kFellBehind};
  return FetchFromLog(end);
}

absl::StatusOr<std::optional<Step>> Cursor::FetchFromLog(uint64_t end) {
  auto records = log_.Read(position_, limits::kMaxBatchBytes);
  if (records.status().code() == absl::StatusCode::kOutOfRange) {
    const auto opening = ResolveAfter(position_, on_expired_, log_.info());
    if (!opening.ok()) return opening.status();
    if (!opening->lost.has_value()) return records.status();
    position_ = opening->after;
    return Step{Step::Kind::kGap, {}, *opening->lost};
  }
  if (!records.ok()) return records.status();
  if (!records->empty() && records->front()->has_lost_after()) {
    const Lost lost{position_, records->front()->last_position()};
    position_ = lost.resumed_at;
    return Step{Step::Kind::kGap, {}, lost};
  }
  // An empty answer means that no events follow in the log, which reaches at least to `end`.
  pending_through_ = records->empty() ? end : records->back()->last_position();
  pending_ = *std::move(records);
  return std::nullopt;
}

Step Cursor::TakeBatch() {
  Step step{Step::Kind::kPassed};
  size_t bytes = 0;
  for (; next_record_ < pending_.size(); ++next_record_) {
    const log::RecordPtr& record = pending_[next_record_];
    const uint64_t before = record->last_position() - static_cast<uint64_t>(record->events_size());
    int index = position_ > before ? static_cast<int>(position_ - before) : 0;
    for (; index < record->events_size(); ++index) {
      const stored::v1::StoredEvent& event = record->events(index);
      const Match match = matcher_(event);
      const uint64_t position = before + 1 + static_cast<uint64_t>(index);
      if (match.is_wanted()) {
        bytes += event.frame().size();
        const bool is_full = step.events.size() == limits::kMaxBatchEvents || bytes > limits::kMaxBatchBytes;
        if (is_full && !step.events.empty()) return step;
        step.kind = Step::Kind::kEvents;
        step.events.push_back({record, index, position, match});
      }
      position_ = position;
    }
  }
  position_ = std::max(position_, pending_through_);
  pending_.clear();
  next_record_ = 0;
  return step;
}

}  // namespace demarche::subscription
