#include "server/log/tables.h"

#include "absl/strings/str_cat.h"
#include "pipeline/document/hash.h"
#include "pipeline/document/strings.h"
#include "server/log/keys.h"

namespace demarche::log {
namespace {

absl::Status Damaged(const Store& store, const std::string& what) {
  return absl::DataLossError(absl::StrCat(store.path(), ": ", what, " is damaged"));
}

}  // namespace

absl::StatusOr<stored::v1::LogMeta> ReadMeta(const Store& store) {
  const absl::StatusOr<std::string> bytes = store.Get(Table::kMeta, kMetaKey, nullptr);
  if (!bytes.ok()) return bytes.status();
  stored::v1::LogMeta meta;
  if (!meta.ParseFromString(*bytes)) return Damaged(store, "the row 'meta'");
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
  if (number == 0) return SealBeforeAll(meta.first_position());
  const absl::StatusOr<std::string> bytes = store.Get(Table::kSeals, KeyOfNumber(number), nullptr);
  if (absl::IsNotFound(bytes.status())) return absl::DataLossError(absl::StrCat(store.path(), ": batch ", number, " is missing"));
  if (!bytes.ok()) return bytes.status();
  stored::v1::BatchSeal seal;
  if (!seal.ParseFromString(*bytes) || seal.number() != number) return Damaged(store, absl::StrCat("the seal of batch ", number));
  return seal;
}

absl::StatusOr<stored::v1::BatchSeal> LastSeal(const Store& store, const stored::v1::LogMeta& meta) {
  const std::unique_ptr<rocksdb::Iterator> iterator = store.NewIterator(Table::kSeals, nullptr);
  iterator->SeekToLast();
  if (absl::Status status = store.CheckEnd(*iterator); !status.ok()) return status;
  if (!iterator->Valid()) return SealBeforeAll(meta.first_position());
  const auto number = NumberOf({iterator->key().data(), iterator->key().size()});
  if (!number) return Damaged(store, "the key of the last seal");
  return FindSeal(store, meta, *number);
}

std::string Extend(std::string_view chain, std::string_view record) { return Sha256({chain, record}); }

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
  if (!position) return Damaged(store_, absl::StrCat("the key of the record after position ", last_position_));
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
