#include "server/log/memory_log.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/log/keys.h"
#include "server/log/stamp.h"

namespace demarche::log {
namespace {

FoundEvent Found(const stored::v1::Record& record, int index) {
  return {record.events(index), FirstPosition(record) + index, record.append_time_us()};
}

}  // namespace

MemoryLog::MemoryLog(Clock clock, uint64_t first_position) : clock_(std::move(clock)) {
  info_.epoch = NewRandomId();
  info_.first_position = info_.last_position = first_position;
}

absl::Status MemoryLog::Append(std::span<stored::v1::Record> records) {
  if (absl::Status status = CheckRecords(records); !status.ok()) return status;
  if (records.empty()) return absl::OkStatus();
  const int64_t now_us = clock_();
  const absl::MutexLock lock(&mutex_);
  AppendLocked(records, now_us);
  return absl::OkStatus();
}

void MemoryLog::AppendLocked(std::span<stored::v1::Record> records, int64_t now_us) {
  last_time_us_ = std::max(last_time_us_, now_us);
  info_.last_position = Stamp(records, info_.last_position, last_time_us_);
  for (const stored::v1::Record& record : records) Keep(record);
}

void MemoryLog::Keep(const stored::v1::Record& record) {
  auto copy = std::make_shared<stored::v1::Record>(record);
  copy->clear_news_item();
  copy->clear_state();
  for (const stored::v1::StateChange& change : record.state()) {
    if (change.has_value()) {
      stage_rows_[change.key()] = change.value();
    } else {
      stage_rows_.erase(change.key());
    }
  }
  entries_.push_back({copy, copy->ByteSizeLong(), record.news_item().size()});
  info_.byte_count += entries_.back().bytes + entries_.back().text_bytes;
  if (record.has_item()) {
    items_[KeyOfItem(KeyOf(record.item()))] = {copy, record.news_item()};
    ++info_.item_count;
  }
  for (int i = 0; i < copy->events_size(); ++i) {
    const stored::v1::StoredEvent& event = copy->events(i);
    events_[event.event_id()][event.revision()] = {copy, i};
  }
  info_.event_count += copy->events_size();
}

absl::StatusOr<std::vector<RecordPtr>> MemoryLog::Read(uint64_t after, size_t max_bytes) const {
  const absl::ReaderMutexLock lock(&mutex_);
  if (absl::Status status = CheckPosition(after, info_.first_position, info_.last_position); !status.ok()) return status;
  const auto ends_before = [](uint64_t position, const Entry& entry) { return position < entry.record->last_position(); };
  std::vector<RecordPtr> records;
  size_t bytes = 0;
  for (auto it = std::upper_bound(entries_.begin(), entries_.end(), after, ends_before); it != entries_.end(); ++it) {
    bytes += it->bytes;
    if (bytes > max_bytes && !records.empty()) break;
    records.push_back(it->record);
  }
  return records;
}

absl::StatusOr<uint64_t> MemoryLog::PositionBefore(int64_t time_us) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto appended_before = [](const Entry& entry, int64_t time) { return entry.record->append_time_us() < time; };
  const auto it = std::lower_bound(entries_.begin(), entries_.end(), time_us, appended_before);
  return it == entries_.begin() ? info_.first_position : std::prev(it)->record->last_position();
}

const MemoryLog::Item* MemoryLog::Find(const ItemKey& key) const {
  const auto it = items_.find(KeyOfItem(key));
  return it == items_.end() ? nullptr : &it->second;
}

absl::StatusOr<stored::v1::ItemEntry> MemoryLog::FindItem(const ItemKey& key) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const Item* item = Find(key);
  if (item == nullptr) return NoSuchItem(key);
  return item->record->item();
}

absl::StatusOr<std::string> MemoryLog::FindNewsItem(const ItemKey& key) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const Item* item = Find(key);
  if (item == nullptr) return NoSuchItem(key);
  if (item->news_item.empty()) return NoTextKept(key);
  return item->news_item;
}

absl::StatusOr<FoundEvent> MemoryLog::FindEvent(std::string_view event_id) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto it = events_.find(event_id);
  if (it == events_.end()) return NoSuchEvent(event_id);
  const Place& latest = it->second.rbegin()->second;
  return Found(*latest.record, latest.index);
}

absl::StatusOr<RevisionPlace> MemoryLog::LocateEvent(std::string_view event_id) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto it = events_.find(event_id);
  if (it == events_.end()) return NoSuchEvent(event_id);
  const auto& [revision, place] = *it->second.rbegin();
  return RevisionPlace{revision, place.record->last_position()};
}

absl::StatusOr<std::vector<FoundEvent>> MemoryLog::FindRevisions(std::string_view event_id) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto it = events_.find(event_id);
  if (it == events_.end()) return NoSuchEvent(event_id);
  std::vector<FoundEvent> revisions;
  for (const auto& [revision, place] : it->second) revisions.push_back(Found(*place.record, place.index));
  return revisions;
}

absl::StatusOr<std::vector<RevisionPlace>> MemoryLog::LocateRevisions(std::string_view event_id) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto it = events_.find(event_id);
  if (it == events_.end()) return NoSuchEvent(event_id);
  std::vector<RevisionPlace> places;
  for (const auto& [revision, place] : it->second) places.push_back({revision, place.record->last_position()});
  return places;
}

absl::StatusOr<std::string> MemoryLog::FindState(std::string_view key) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto it = stage_rows_.find(key);
  if (it == stage_rows_.end()) return absl::NotFoundError("no such row");
  return it->second;
}

absl::Status MemoryLog::VisitState(std::string_view prefix, const Visitor& visit) const {
  std::vector<std::pair<std::string, std::string>> rows;  // the visitor may ask the log for more
  {
    const absl::ReaderMutexLock lock(&mutex_);
    for (auto it = stage_rows_.lower_bound(prefix); it != stage_rows_.end() && it->first.starts_with(prefix); ++it)
      rows.emplace_back(*it);
  }
  for (const auto& [key, value] : rows) {
    if (absl::Status status = visit(key, value); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> MemoryLog::Trim(const Retention& retention) {
  const absl::MutexLock lock(&mutex_);
  const size_t before = entries_.size() + remembered_.size() + items_.size();
  while (entries_.size() > 1 && entries_.front().record->last_position() <= retention.keep_after &&
         (entries_.front().record->append_time_us() < retention.records_before_us ||
          (retention.max_bytes > 0 && info_.byte_count > retention.max_bytes))) {
    DropFirst();
  }
  while (!remembered_.empty() && remembered_.front()->append_time_us() < retention.items_before_us) {
    const auto it = items_.find(KeyOfItem(KeyOf(remembered_.front()->item())));
    if (it != items_.end() && it->second.record == remembered_.front()) items_.erase(it);
    remembered_.pop_front();
  }
  return entries_.size() + remembered_.size() + items_.size() < before;
}

void MemoryLog::DropFirst() {
  const Entry first = std::move(entries_.front());
  entries_.pop_front();
  info_.byte_count -= first.bytes + first.text_bytes;
  info_.first_position = first.record->last_position();
  for (const stored::v1::StoredEvent& event : first.record->events()) {
    const auto found = events_.find(event.event_id());
    if (found == events_.end()) continue;  // a revision before in the same record took it along
    Revisions& revisions = found->second;
    const uint32_t latest = revisions.rbegin()->first;
    for (auto it = revisions.begin(); it != revisions.end();) {
      const bool is_dropped = it->second.record->last_position() <= info_.first_position;
      const bool stays = it->first == latest && IsLive(it->second.record->events(it->second.index));
      it = is_dropped && !stays ? revisions.erase(it) : std::next(it);
    }
    if (revisions.empty()) events_.erase(found);
  }
  if (!first.record->has_item()) return;
  remembered_.push_back(first.record);
  Item& item = items_[KeyOfItem(KeyOf(first.record->item()))];
  if (item.record == first.record) item.news_item.clear();
}

absl::Status MemoryLog::Erase(stored::v1::Record& record, const Erasure& erasure) {
  if (absl::Status status = CheckRecords({&record, 1}); !status.ok()) return status;
  const int64_t now_us = clock_();
  const absl::MutexLock lock(&mutex_);
  // Records are shared with those who read them, so they are changed by taking their place.
  std::map<RecordPtr, std::shared_ptr<stored::v1::Record>> changed;
  for (const stored::v1::StoredEvent& revision : erasure.revisions) {
    const auto event = events_.find(revision.event_id());
    if (event == events_.end()) continue;
    const auto found = event->second.find(revision.revision());
    if (found == event->second.end()) continue;
    const Place& place = found->second;
    auto& copy = changed[place.record];
    if (copy == nullptr) copy = std::make_shared<stored::v1::Record>(*place.record);
    *copy->mutable_events(place.index) = revision;
  }
  for (const auto& [old, copy] : changed) Replace(old, copy);
  for (auto& [key, item] : items_) {
    const auto& texts = erasure.texts;
    if (std::find(texts.begin(), texts.end(), item.record->last_position()) != texts.end()) item.news_item.clear();
  }
  ChangeState(erasure.state);
  AppendLocked({&record, 1}, now_us);
  return absl::OkStatus();
}

void MemoryLog::Replace(const RecordPtr& record, const RecordPtr& by) {
  for (const stored::v1::StoredEvent& event : by->events()) {
    const auto revisions = events_.find(event.event_id());
    if (revisions == events_.end()) continue;
    for (auto& [revision, place] : revisions->second) {
      if (place.record == record) place.record = by;
    }
  }
  for (Entry& entry : entries_) {
    if (entry.record == record) entry.record = by;
  }
  std::replace(remembered_.begin(), remembered_.end(), record, by);
  if (!record->has_item()) return;
  const auto item = items_.find(KeyOfItem(KeyOf(record->item())));
  if (item != items_.end() && item->second.record == record) item->second.record = by;
}

absl::Status MemoryLog::WriteState(std::span<const StateChange> changes) {
  const absl::MutexLock lock(&mutex_);
  ChangeState(changes);
  return absl::OkStatus();
}

void MemoryLog::ChangeState(std::span<const StateChange> changes) {
  for (const StateChange& change : changes) {
    if (change.value) {
      state_[change.key] = *change.value;
    } else {
      state_.erase(change.key);
    }
  }
}

absl::StatusOr<std::vector<StateRow>> MemoryLog::ReadState(std::string_view prefix, std::string_view after,
                                                           size_t max_bytes) const {
  const absl::ReaderMutexLock lock(&mutex_);
  std::vector<StateRow> rows;
  size_t bytes = 0;
  for (auto it = after < prefix ? state_.lower_bound(prefix) : state_.upper_bound(after); it != state_.end(); ++it) {
    bytes += it->first.size() + it->second.size();
    if (!it->first.starts_with(prefix) || (bytes > max_bytes && !rows.empty())) break;
    rows.push_back({it->first, it->second});
  }
  return rows;
}

LogInfo MemoryLog::info() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return info_;
}

}  // namespace demarche::log
