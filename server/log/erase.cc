#include "server/log/erase.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/log/keys.h"
#include "server/log/tables.h"

namespace demarche::log {

absl::Status EraseStep::Plan(const Erasure& erasure, stored::v1::Record& record) {
  for (const stored::v1::StoredEvent& revision : erasure.revisions) {
    if (absl::Status status = ReplaceRevision(revision); !status.ok()) return status;
  }
  for (const uint64_t last_position : erasure.texts) {
    if (absl::Status status = EraseText(last_position); !status.ok()) return status;
  }
  PutState(store_, erasure.state, batch_);
  for (const auto& [last_position, changed] : changed_) {
    stored::v1::ErasedRow& erased = *record.add_erased();
    erased.set_last_position(last_position);
    erased.set_text(changed.text);
    if (changed.record == nullptr) continue;
    const std::string row = changed.record->SerializeAsString();
    erased.set_row_sha256(DigestOf(row));
    store_.Put(batch_, Table::kRecords, KeyOfNumber(last_position), row);
  }
  return absl::OkStatus();
}

absl::Status EraseStep::ReplaceRevision(const stored::v1::StoredEvent& revision) {
  const std::string key = KeyOfRevision(revision.event_id(), revision.revision());
  const auto value = store_.Get(Table::kEvents, key, nullptr);
  if (absl::IsNotFound(value.status())) return absl::OkStatus();  // dropped meanwhile
  if (!value.ok()) return value.status();
  auto row = ParseEventRow(*value);
  if (!row) return absl::DataLossError(absl::StrCat(store_.path(), ": the entry of event ", revision.event_id(), " is damaged"));
  if (row->kept) {
    *row->kept->mutable_event() = revision;
    store_.Put(batch_, Table::kEvents, key, ValueOf(*row));
    return absl::OkStatus();
  }
  const auto changed = Load(row->record_position);
  if (!changed.ok()) return changed.status();
  const auto event = (*changed)->revisions.find(key);
  if (event == (*changed)->revisions.end()) return DamagedRecord(store_, row->record_position, "not the one that 'events' names");
  *event->second = revision;
  return absl::OkStatus();
}

absl::StatusOr<EraseStep::Changed*> EraseStep::Load(uint64_t last_position) {
  Changed& changed = changed_[last_position];
  if (changed.record != nullptr) return &changed;
  RecordCursor cursor(store_, nullptr);
  if (absl::Status status = cursor.Seek(last_position); !status.ok()) return status;
  if (cursor.is_at_end() || cursor.last_position() != last_position) return DamagedRecord(store_, last_position, "missing");
  auto record = cursor.Parse();
  if (!record.ok()) return record.status();
  // Of the second erasure on it stays what it was.
  if ((*record)->written_sha256().empty()) (*record)->set_written_sha256(DigestOf(cursor.bytes()));
  changed.record = *std::move(record);
  for (stored::v1::StoredEvent& event : *changed.record->mutable_events()) {
    changed.revisions[KeyOfRevision(event.event_id(), event.revision())] = &event;
  }
  return &changed;
}

absl::Status EraseStep::EraseText(uint64_t last_position) {
  const std::string key = KeyOfNumber(last_position);
  const auto text = store_.Get(Table::kTexts, key, nullptr);
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  if (!text.ok()) return text.status();
  store_.Delete(batch_, Table::kTexts, key);
  changed_[last_position].text = true;
  return absl::OkStatus();
}

}  // namespace demarche::log
