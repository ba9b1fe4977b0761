#include "server/log/tables.h"

#include "absl/strings/str_cat.h"
#include "pipeline/document/hash.h"
#include "pipeline/document/strings.h"
#include "server/log/keys.h"

namespace demarche::log {
namespace {

constexpr size_t kPositionBytes = 8;

absl::Status DamagedRow(const Store& store, const std::string& what) {
  return absl::DataLossError(absl::StrCat(store.path(), ": ", what, " is damaged"));
}

}  // namespace

absl::StatusOr<stored::v1::LogMeta> ReadMeta(const Store& store) {
  const absl::StatusOr<std::string> bytes = store.Get(Table::kMeta, kMetaKey, nullptr);
  if (!bytes.ok()) return bytes.status();
  stored::v1::LogMeta meta;
  if (!meta.ParseFromString(*bytes)) return DamagedRow(store, "the row 'meta'");
  if (meta.format_version() != kFormatVersion) {
    return absl::FailedPreconditionError(absl::StrCat(store.path(), ": format version ", meta.format_version(),
                                                      " is not known; this program reads version ", kFormatVersion));
  }
  return meta;
}

stored::v1::BatchSeal SealBeforeAll(uint64_t first_position) {
  stored::v1::BatchSeal seal;
  seal.set_last_position(first_position);
  return seal;
}

absl::StatusOr<stored::v1::BatchSeal> FindSeal(const Store& store, const stored::v1::LogMeta& meta, uint64_t number) {
  if (number == meta.base().number()) return meta.base();
  const absl::StatusOr<std::string> bytes = store.Get(Table::kSeals, KeyOfNumber(number), nullptr);
  if (absl::IsNotFound(bytes.status())) return absl::DataLossError(absl::StrCat(store.path(), ": batch ", number, " is missing"));
  if (!bytes.ok()) return bytes.status();
  stored::v1::BatchSeal seal;
  if (!seal.ParseFromString(*bytes) || seal.number() != number)
    return DamagedRow(store, absl::StrCat("the seal of batch ", number));
  return seal;
}

absl::StatusOr<stored::v1::BatchSeal> LastSeal(const Store& store, const stored::v1::LogMeta& meta) {
  const std::unique_ptr<rocksdb::Iterator> iterator = store.NewIterator(Table::kSeals, nullptr);
  iterator->SeekToLast();
  if (absl::Status status = store.CheckEnd(*iterator); !status.ok()) return status;
  if (!iterator->Valid()) return meta.base();
  const auto number = NumberOf({iterator->key().data(), iterator->key().size()});
  if (!number) return DamagedRow(store, "the key of the last seal");
  return FindSeal(store, meta, *number);
}

std::string DigestOf(std::string_view row) { return Sha256({row}); }

void Extend(const stored::v1::Record& record, std::string_view row, size_t text_bytes, stored::v1::BatchSeal& seal) {
  seal.set_chain(Sha256({seal.chain(), record.written_sha256().empty() ? DigestOf(row) : record.written_sha256()}));
  seal.set_last_position(record.last_position());
  seal.set_append_time_us(record.append_time_us());
  seal.set_item_count(seal.item_count() + record.has_item());
  seal.set_event_count(seal.event_count() + record.events_size());
  seal.set_byte_count(seal.byte_count() + row.size() + text_bytes);
}

// Not the bytes: texts may be erased.
bool IsSame(const stored::v1::BatchSeal& a, const stored::v1::BatchSeal& b) {
  return a.chain() == b.chain() && a.last_position() == b.last_position() && a.item_count() == b.item_count() &&
         a.event_count() == b.event_count() && a.append_time_us() == b.append_time_us();
}

void PutRecord(const Store& store, stored::v1::Record& record, stored::v1::BatchSeal& seal, rocksdb::WriteBatch& batch) {
  // Text and state have rows of their own, so that reading on does not read them.
  std::string text;
  google::protobuf::RepeatedPtrField<stored::v1::StateChange> state;
  record.mutable_news_item()->swap(text);
  record.mutable_state()->Swap(&state);
  const std::string row = record.SerializeAsString();
  record.mutable_news_item()->swap(text);
  record.mutable_state()->Swap(&state);

  const std::string position = KeyOfNumber(record.last_position());
  store.Put(batch, Table::kRecords, position, row);
  for (const stored::v1::StoredEvent& event : record.events()) {
    store.Put(batch, Table::kEvents, KeyOfRevision(event.event_id(), event.revision()), position);
  }
  if (record.has_item()) store.Put(batch, Table::kItems, KeyOfItem(KeyOf(record.item())), record.item().SerializeAsString());
  if (!record.news_item().empty()) store.Put(batch, Table::kTexts, position, record.news_item());
  for (const stored::v1::StateChange& change : record.state()) {
    const std::string key = KeyOfStageRow(change.key());
    if (change.has_value()) {
      store.Put(batch, Table::kMeta, key, change.value());
    } else {
      store.Delete(batch, Table::kMeta, key);
    }
  }
  Extend(record, row, record.news_item().size(), seal);
}

void PutState(const Store& store, std::span<const StateChange> changes, rocksdb::WriteBatch& batch) {
  for (const StateChange& change : changes) {
    const std::string key = std::string(kStatePrefix) + change.key;
    if (change.value) {
      store.Put(batch, Table::kMeta, key, *change.value);
    } else {
      store.Delete(batch, Table::kMeta, key);
    }
  }
}

void PutSeal(const Store& store, const stored::v1::BatchSeal& seal, rocksdb::WriteBatch& batch) {
  store.Put(batch, Table::kSeals, KeyOfNumber(seal.number()), seal.SerializeAsString());
}

void PutMeta(const Store& store, const stored::v1::LogMeta& meta, rocksdb::WriteBatch& batch) {
  store.Put(batch, Table::kMeta, kMetaKey, meta.SerializeAsString());
}

std::string ValueOf(const EventRow& row) {
  return KeyOfNumber(row.record_position) + (row.kept ? row.kept->SerializeAsString() : "");
}

std::optional<uint64_t> RecordPositionOf(std::string_view value) { return NumberOf(value.substr(0, kPositionBytes)); }

std::optional<EventRow> ParseEventRow(std::string_view value) {
  const auto position = RecordPositionOf(value);
  if (!position) return std::nullopt;
  EventRow row{*position, std::nullopt};
  const std::string_view kept = value.substr(kPositionBytes);
  if (!kept.empty() && !row.kept.emplace().ParseFromArray(kept.data(), static_cast<int>(kept.size()))) return std::nullopt;
  return row;
}

absl::Status RecordCursor::Seek(uint64_t position) {
  const std::string key = KeyOfNumber(position);
  iterator_->Seek(key);
  return Arrive();
}

absl::Status RecordCursor::SeekToLast() {
  iterator_->SeekToLast();
  return Arrive();
}

absl::Status RecordCursor::Next() {
  iterator_->Next();
  return Arrive();
}

absl::Status RecordCursor::Arrive() {
  if (absl::Status status = store_.CheckEnd(*iterator_); !status.ok()) return status;
  if (!iterator_->Valid()) return absl::OkStatus();
  const auto position = NumberOf({iterator_->key().data(), iterator_->key().size()});
  if (!position) return DamagedRow(store_, absl::StrCat("the key of the record after position ", last_position_));
  last_position_ = *position;
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<stored::v1::Record>> RecordCursor::Parse() const {
  auto record = std::make_shared<stored::v1::Record>();
  const std::string_view row = bytes();
  if (!record->ParseFromArray(row.data(), static_cast<int>(row.size())) || record->last_position() != last_position_) {
    return DamagedRecord(store_, last_position_, "damaged");
  }
  return record;
}

absl::Status DamagedRecord(const Store& store, uint64_t position, std::string_view what) {
  return absl::DataLossError(absl::StrCat(store.path(), ": the record at position ", position, " is ", View(what)));
}

}  // namespace demarche::log
