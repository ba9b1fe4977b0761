#include <utility>

#include "absl/strings/str_cat.h"
#include "server/log/keys.h"
#include "server/log/rocksdb_log.h"
#include "server/log/stamp.h"
#include "server/log/tables.h"

// The reading half of RocksDbLog: each call works on one view, so that what it answers fits together.
namespace demarche::log {
namespace {

absl::Status DamagedEntry(const Store& store) {
  return absl::DataLossError(absl::StrCat(store.path(), ": an entry of the table 'events' is damaged"));
}

}  // namespace

absl::StatusOr<std::vector<RecordPtr>> RocksDbLog::Read(uint64_t after, size_t max_bytes) const {
  const ViewPtr shown = view();
  const uint64_t end = shown->seal.last_position();
  if (absl::Status status = CheckPosition(after, shown->base.last_position(), end); !status.ok()) return status;
  std::vector<RecordPtr> records;
  if (after == end) return records;
  RecordCursor cursor(*store_, shown->snapshot);
  if (absl::Status status = cursor.Seek(after + 1); !status.ok()) return status;
  size_t bytes = 0;
  uint64_t next = after + 1;
  while (next <= end) {
    if (cursor.is_at_end()) return DamagedRecord(*store_, next, "missing");
    bytes += cursor.bytes().size();
    if (bytes > max_bytes && !records.empty()) break;
    auto record = cursor.Parse();
    if (!record.ok()) return record.status();
    // Only the first may begin earlier.
    const uint64_t first = FirstPosition(**record);
    if (first > next || (first < next && !records.empty())) return DamagedRecord(*store_, next, "missing");
    const bool is_gap = (*record)->has_lost_after();
    if (is_gap && !records.empty()) break;
    next = cursor.last_position() + 1;
    records.push_back(*std::move(record));
    if (is_gap) break;
    if (absl::Status status = cursor.Next(); !status.ok()) return status;
  }
  return records;
}

absl::StatusOr<uint64_t> RocksDbLog::PositionBefore(int64_t time_us) const {
  const ViewPtr shown = view();
  RecordCursor cursor(*store_, shown->snapshot);
  // Everything up to `low` was appended before the time, everything after `high` was not.
  uint64_t low = shown->base.last_position();
  uint64_t high = shown->seal.last_position();
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2 + 1;
    if (absl::Status status = cursor.Seek(middle); !status.ok()) return status;
    if (cursor.is_at_end()) return DamagedRecord(*store_, middle, "missing");
    const auto record = cursor.Parse();
    if (!record.ok()) return record.status();
    const uint64_t first = FirstPosition(**record);
    if (first > middle) return DamagedRecord(*store_, middle, "missing");
    if ((*record)->append_time_us() < time_us) {
      low = cursor.last_position();
    } else {
      high = first - 1;
    }
  }
  return low;
}

absl::StatusOr<stored::v1::ItemEntry> RocksDbLog::FindItem(const ItemKey& key) const {
  const ViewPtr shown = view();
  const auto row = store_->Get(Table::kItems, KeyOfItem(key), shown->snapshot);
  if (absl::IsNotFound(row.status())) return NoSuchItem(key);
  if (!row.ok()) return row.status();
  stored::v1::ItemEntry item;
  if (item.ParseFromString(*row)) return item;
  return absl::DataLossError(absl::StrCat(store_->path(), ": the entry of item '", std::string(key.news_item_id), "' is damaged"));
}

absl::StatusOr<std::string> RocksDbLog::FindNewsItem(const ItemKey& key) const {
  const auto item = FindItem(key);
  if (!item.ok()) return item.status();
  auto text = store_->Get(Table::kTexts, KeyOfNumber(item->last_position()), nullptr);
  if (absl::IsNotFound(text.status())) return NoTextKept(key);
  return text;
}

// `entry` stands in the table of events.
absl::StatusOr<FoundEvent> RocksDbLog::Load(const View& shown, const rocksdb::Iterator& entry) const {
  auto row = ParseEventRow(ToView(entry.value()));
  if (!row) return DamagedEntry(*store_);
  if (row->kept) return FoundEvent{std::move(*row->kept->mutable_event()), row->kept->position(), row->kept->append_time_us()};
  const uint64_t position = row->record_position;
  RecordCursor cursor(*store_, shown.snapshot);
  if (absl::Status status = cursor.Seek(position); !status.ok()) return status;
  if (cursor.is_at_end() || cursor.last_position() != position) return DamagedRecord(*store_, position, "missing");
  const auto record = cursor.Parse();
  if (!record.ok()) return record.status();
  for (int i = 0; i < (*record)->events_size(); ++i) {
    stored::v1::StoredEvent& event = *(*record)->mutable_events(i);
    if (KeyOfRevision(event.event_id(), event.revision()) != ToView(entry.key())) continue;
    return FoundEvent{std::move(event), FirstPosition(**record) + i, (*record)->append_time_us()};
  }
  return DamagedRecord(*store_, position, "not the one that the table 'events' names");
}

absl::StatusOr<FoundEvent> RocksDbLog::FindEvent(std::string_view event_id) const {
  const ViewPtr shown = view();
  const auto iterator = store_->NewIterator(Table::kEvents, shown->snapshot);
  iterator->SeekForPrev(KeyOfRevision(event_id, UINT32_MAX));
  if (absl::Status status = store_->CheckEnd(*iterator); !status.ok()) return status;
  if (!iterator->Valid() || !iterator->key().starts_with(PrefixOfEvent(event_id))) return NoSuchEvent(event_id);
  return Load(*shown, *iterator);
}

absl::StatusOr<RevisionPlace> RocksDbLog::LocateEvent(std::string_view event_id) const {
  const ViewPtr shown = view();
  const auto iterator = store_->NewIterator(Table::kEvents, shown->snapshot);
  iterator->SeekForPrev(KeyOfRevision(event_id, UINT32_MAX));
  if (absl::Status status = store_->CheckEnd(*iterator); !status.ok()) return status;
  if (!iterator->Valid() || !iterator->key().starts_with(PrefixOfEvent(event_id))) return NoSuchEvent(event_id);
  const auto position = RecordPositionOf(ToView(iterator->value()));
  const auto revision = RevisionOf(ToView(iterator->key()), event_id);
  if (position && revision) return RevisionPlace{*revision, *position};
  return DamagedEntry(*store_);
}

absl::StatusOr<std::vector<FoundEvent>> RocksDbLog::FindRevisions(std::string_view event_id) const {
  const ViewPtr shown = view();
  const auto iterator = store_->NewIterator(Table::kEvents, shown->snapshot);
  const std::string prefix = PrefixOfEvent(event_id);
  std::vector<FoundEvent> revisions;
  for (iterator->Seek(prefix); iterator->Valid() && iterator->key().starts_with(prefix); iterator->Next()) {
    auto found = Load(*shown, *iterator);
    if (!found.ok()) return found.status();
    revisions.push_back(*std::move(found));
  }
  if (absl::Status status = store_->CheckEnd(*iterator); !status.ok()) return status;
  if (revisions.empty()) return NoSuchEvent(event_id);
  return revisions;
}

absl::StatusOr<std::vector<RevisionPlace>> RocksDbLog::LocateRevisions(std::string_view event_id) const {
  const ViewPtr shown = view();
  const auto iterator = store_->NewIterator(Table::kEvents, shown->snapshot);
  const std::string prefix = PrefixOfEvent(event_id);
  std::vector<RevisionPlace> places;
  for (iterator->Seek(prefix); iterator->Valid() && iterator->key().starts_with(prefix); iterator->Next()) {
    const auto position = RecordPositionOf(ToView(iterator->value()));
    const auto revision = RevisionOf(ToView(iterator->key()), event_id);
    if (!position || !revision) return DamagedEntry(*store_);
    places.push_back({*revision, *position});
  }
  if (absl::Status status = store_->CheckEnd(*iterator); !status.ok()) return status;
  if (places.empty()) return NoSuchEvent(event_id);
  return places;
}

absl::StatusOr<std::string> RocksDbLog::FindState(std::string_view key) const {
  return store_->Get(Table::kMeta, KeyOfStageRow(key), nullptr);
}

absl::Status RocksDbLog::VisitState(std::string_view prefix, const Visitor& visit) const {
  const std::string begin = KeyOfStageRow(prefix);
  const auto iterator = store_->NewIterator(Table::kMeta, nullptr);
  for (iterator->Seek(begin); iterator->Valid() && iterator->key().starts_with(begin); iterator->Next()) {
    const std::string_view key = ToView(iterator->key()).substr(kStagePrefix.size());
    if (absl::Status status = visit(key, ToView(iterator->value())); !status.ok()) return status;
  }
  return store_->CheckEnd(*iterator);
}

}  // namespace demarche::log
