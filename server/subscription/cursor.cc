#include "server/subscription/cursor.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "server/limits/limits.h"

namespace demarche::subscription {

Cursor::Cursor(const log::EventLog& log, Hub& hub, FilterSet filters, uint64_t after, v1::OnExpired on_expired)
    : log_(log),
      hub_(hub),
      filters_(std::move(filters)),
      on_expired_(on_expired),
      membership_(hub.router(), filters_),
      appended_before_(log.info().last_position),
      position_(after) {}

uint64_t Cursor::backlog() const {
  const uint64_t end = hub_.end();
  return end > position_ ? end - position_ : 0;
}

absl::StatusOr<Step> Cursor::Next(const WaiterPtr& waiter, bool may_read, size_t max_events) {
  if (pending_forgotten_ != hub_.forgotten()) {
    pending_.clear();
    next_record_ = 0;
  }
  if (!pending_.empty()) return TakeBatch(max_events);
  // What is appended all the time never stops long enough to be seen idle: reaching the end as it was at the last look is enough.
  const uint64_t through = hub_.router().through();
  if (!is_live_ && position_ >= std::max(appended_before_, std::min(through, seen_end_))) {
    is_live_ = true;
    return Step{Step::Kind::kCaughtUp};
  }
  seen_end_ = through;
  Lane::Next next = membership_.lane().Take(position_, max_events, waiter);
  if (next.batch != nullptr) {
    position_ = next.batch->last_position;
    return Step{Step::Kind::kEvents, std::move(next.batch)};
  }
  if (!next.is_behind) {
    position_ = std::max(position_, through);
    if (is_live_) return Step{Step::Kind::kIdle};
    if (position_ >= appended_before_) return Step{Step::Kind::kPassed};
  } else if (std::exchange(is_live_, false)) {
    return Step{Step::Kind::kFellBehind};
  }
  if (!may_read) return Step{Step::Kind::kMustRead};
  return ReadLog(max_events);
}

absl::StatusOr<Step> Cursor::ReadLog(size_t max_events) {
  absl::StatusOr<std::vector<log::RecordPtr>> records;
  do {
    pending_forgotten_ = hub_.forgotten();
    records = log_.Read(position_, limits::kMaxBatchBytes);
  } while (pending_forgotten_ != hub_.forgotten());
  if (records.status().code() == absl::StatusCode::kOutOfRange) {
    const auto opening = ResolveAfter(position_, on_expired_, log_.info());
    if (!opening.ok()) return opening.status();
    if (!opening->lost.has_value()) return records.status();
    position_ = opening->after;
    return Step{.kind = Step::Kind::kGap, .lost = *opening->lost};
  }
  if (!records.ok()) return records.status();
  if (!records->empty() && records->front()->has_lost_after()) {
    const Lost lost{position_, records->front()->last_position()};
    position_ = lost.resumed_at;
    return Step{.kind = Step::Kind::kGap, .lost = lost};
  }
  // An empty answer means that no revisions follow in the log, which reaches at least as far as the lanes did.
  pending_through_ = records->empty() ? std::max(seen_end_, appended_before_) : records->back()->last_position();
  pending_ = *std::move(records);
  return TakeBatch(max_events);
}

Step Cursor::TakeBatch(size_t max_events) {
  FrameWriter writer = hub_.writer();
  BatchBuilder builder(max_events);
  auto chunk = std::make_shared<Chunk>(0, limits::kMaxBatchEvents, limits::kMaxBatchBytes);
  for (; next_record_ < pending_.size(); ++next_record_) {
    const log::RecordPtr& record = pending_[next_record_];
    writer.SetTime(record->append_time_us());
    const uint64_t before = record->last_position() - static_cast<uint64_t>(record->events_size());
    int index = position_ > before ? static_cast<int>(position_ - before) : 0;
    for (; index < record->events_size(); ++index) {
      const stored::v1::StoredEvent& event = record->events(index);
      const uint64_t position = before + 1 + static_cast<uint64_t>(index);
      if (const Match match = filters_.MatchOf(event); match.is_wanted()) {
        const size_t bytes = writer.SizeOf(event.frame());
        if (!chunk->HasRoom(bytes) || chunk->count() == max_events) {
          if (!builder.is_empty()) return Step{Step::Kind::kEvents, builder.Build()};
          chunk = std::make_shared<Chunk>(0, 1, bytes);
        }
        chunk->Add(writer, event.frame(), position);
        builder.Add(chunk, chunk->count() - 1, chunk->count(), match);
      }
      position_ = position;
    }
  }
  position_ = std::max(position_, pending_through_);
  pending_.clear();
  next_record_ = 0;
  if (builder.is_empty()) return Step{Step::Kind::kPassed};
  return Step{Step::Kind::kEvents, builder.Build()};
}

}  // namespace demarche::subscription
