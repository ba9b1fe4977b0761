#include "server/log/verify.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "pipeline/document/strings.h"
#include "server/log/keys.h"
#include "server/log/tables.h"

namespace demarche::log {
namespace {

// Every record is found by its item's key and by its events' keys.
absl::Status CheckKeys(const Store& store, const stored::v1::Record& record) {
  if (record.has_item()) {
    const auto row = store.Get(Table::kItems, KeyOfItem(KeyOf(record.item())), nullptr);
    stored::v1::ItemEntry item;
    if (!row.ok() || !item.ParseFromString(*row) || item.last_position() < record.last_position()) {
      return DamagedRecord(store, record.last_position(), "not found by its item");
    }
  }
  for (const stored::v1::StoredEvent& event : record.events()) {
    const auto row = store.Get(Table::kEvents, KeyOfRevision(event.event_id(), event.revision()), nullptr);
    if (row.ok() && RecordPositionOf(*row) >= record.last_position()) continue;
    return DamagedRecord(store, record.last_position(), absl::StrCat("not found by its event ", event.event_id()));
  }
  return absl::OkStatus();
}

absl::Status CheckRecordKeys(const Store& store) {
  RecordCursor cursor(store, nullptr);
  if (absl::Status status = cursor.Seek(0); !status.ok()) return status;
  while (!cursor.is_at_end()) {
    const auto record = cursor.Parse();
    if (!record.ok()) return record.status();
    if (absl::Status status = CheckKeys(store, **record); !status.ok()) return status;
    if (absl::Status status = cursor.Next(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// A revision whose record was dropped stands in the table itself.
absl::Status CheckKeptRevisions(const Store& store, uint64_t first_position) {
  const auto iterator = store.NewIterator(Table::kEvents, nullptr);
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    const auto row = ParseEventRow(iterator->value().ToStringView());
    if (row && (row->record_position > first_position || row->kept)) continue;
    return absl::DataLossError(absl::StrCat(store.path(), ": an entry of the table 'events' is damaged"));
  }
  return store.CheckEnd(*iterator);
}

}  // namespace

absl::StatusOr<Tail> CheckLog(const Store& store, const MarkFile& mark) {
  auto tail = CheckTail(store, mark);
  if (!tail.ok()) return tail;
  const stored::v1::BatchSeal& base = tail->meta.base();
  if (absl::Status status = store.VerifyFiles(); !status.ok()) return status;
  const auto erased = CheckBatches(store, tail->meta, base.number() + 1, tail->seal.number());
  if (!erased.ok()) return erased.status();
  tail->erased_count = *erased;
  if (absl::Status status = CheckRecordKeys(store); !status.ok()) return status;
  if (absl::Status status = CheckKeptRevisions(store, base.last_position()); !status.ok()) return status;
  return tail;
}

}  // namespace demarche::log
