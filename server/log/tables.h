#ifndef DEMARCHE_SERVER_LOG_TABLES_H_
#define DEMARCHE_SERVER_LOG_TABLES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/record.pb.h"
#include "server/log/event_log.h"
#include "server/log/store.h"

// The rows of the tables as messages. A row that does not parse is DATA_LOSS.
namespace demarche::log {

inline constexpr uint32_t kFormatVersion = 3;
inline constexpr std::string_view kMetaKey = "meta";

// NOT_FOUND in a new store; FAILED_PRECONDITION when the format is not ours.
absl::StatusOr<stored::v1::LogMeta> ReadMeta(const Store& store);

// What stands before the first batch of a new log.
stored::v1::BatchSeal SealBeforeAll(uint64_t first_position);
// That of the base is in `meta`. DATA_LOSS when it is missing.
absl::StatusOr<stored::v1::BatchSeal> FindSeal(const Store& store, const stored::v1::LogMeta& meta, uint64_t number);
// The base in an empty log.
absl::StatusOr<stored::v1::BatchSeal> LastSeal(const Store& store, const stored::v1::LogMeta& meta);

// SHA-256 of a record's row.
std::string DigestOf(std::string_view row);
// Takes one more record into a seal: its chain, its end and its counts. `row`: the record as stored.
void Extend(const stored::v1::Record& record, std::string_view row, size_t text_bytes, stored::v1::BatchSeal& seal);
// Whether two seals agree in what follows from their records.
bool IsSame(const stored::v1::BatchSeal& a, const stored::v1::BatchSeal& b);

// The rows of a record, but the seal: its own, its text, its keys, the rows of the stages that it changed. Extends the seal. The
// record is left as it was.
void PutRecord(const Store& store, stored::v1::Record& record, stored::v1::BatchSeal& seal, rocksdb::WriteBatch& batch);
void PutState(const Store& store, std::span<const StateChange> changes, rocksdb::WriteBatch& batch);
void PutSeal(const Store& store, const stored::v1::BatchSeal& seal, rocksdb::WriteBatch& batch);
void PutMeta(const Store& store, const stored::v1::LogMeta& meta, rocksdb::WriteBatch& batch);

// The value of a row of `events`: where the record ends that holds the revision and, once that is dropped, the revision itself.
struct EventRow {
  uint64_t record_position = 0;
  std::optional<stored::v1::KeptEvent> kept;
};
std::string ValueOf(const EventRow& row);
// Without the kept revision, however long it is.
std::optional<uint64_t> RecordPositionOf(std::string_view value);
// Nothing when it is damaged.
std::optional<EventRow> ParseEventRow(std::string_view value);

// Walks through the records in order. One thread; must end before the store and the snapshot.
class RecordCursor {
 public:
  RecordCursor(const Store& store, const rocksdb::Snapshot* snapshot)
      : store_(store), iterator_(store.NewIterator(Table::kRecords, snapshot)) {}

  // To the first record that ends at or after the position, or to the end.
  absl::Status Seek(uint64_t position);
  absl::Status SeekToLast();
  absl::Status Next();

  // Below: not at the end.
  bool is_at_end() const { return !iterator_->Valid(); }
  uint64_t last_position() const { return last_position_; }
  std::string_view bytes() const { return {iterator_->value().data(), iterator_->value().size()}; }
  // DATA_LOSS names the position.
  absl::StatusOr<std::shared_ptr<stored::v1::Record>> Parse() const;

 private:
  absl::Status Arrive();

  const Store& store_;
  const std::unique_ptr<rocksdb::Iterator> iterator_;
  uint64_t last_position_ = 0;
};

// DATA_LOSS: 'DIR: record at position N is <what>'.
absl::Status DamagedRecord(const Store& store, uint64_t position, std::string_view what);

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_TABLES_H_
