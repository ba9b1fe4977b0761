#include "server/log/trim.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/log/keys.h"
#include "server/log/stamp.h"
#include "server/log/tables.h"

namespace demarche::log {
namespace {

// Bounds of a step: appends wait for it.
constexpr uint64_t kMaxBatches = 64;
constexpr uint64_t kMaxPositions = 1'000;
constexpr int kMaxForgotten = 1'000;

}  // namespace

absl::Status TrimStep::Plan(const Retention& retention) {
  const stored::v1::BatchSeal before = meta_.base();
  if (absl::Status status = MoveBase(retention); !status.ok()) return status;
  if (meta_.base().number() > before.number()) {
    if (absl::Status status = DropRecords(before.last_position()); !status.ok()) return status;
    store_.DeleteRange(batch_, Table::kSeals, KeyOfNumber(before.number() + 1), KeyOfNumber(meta_.base().number() + 1));
    PutMeta(store_, meta_, batch_);
  }
  return ForgetItems(retention.items_before_us);
}

absl::Status TrimStep::MoveBase(const Retention& retention) {
  const auto may_go = [&](const stored::v1::BatchSeal& seal) {
    return seal.append_time_us() < retention.records_before_us ||
           (retention.max_bytes > 0 && end_.byte_count() - meta_.base().byte_count() > retention.max_bytes);
  };
  const uint64_t last =
      std::min({end_.number() - std::min<uint64_t>(end_.number(), 1), marked_number_, meta_.base().number() + kMaxBatches});
  const uint64_t max_position = meta_.base().last_position() + kMaxPositions;
  while (meta_.base().number() < last && meta_.base().last_position() < max_position) {
    const auto seal = FindSeal(store_, meta_, meta_.base().number() + 1);
    if (!seal.ok()) return seal.status();
    if (seal->last_position() > retention.keep_after || !may_go(*seal)) break;
    *meta_.mutable_base() = *seal;
  }
  return absl::OkStatus();
}

absl::Status TrimStep::DropRecords(uint64_t after) {
  const uint64_t end = meta_.base().last_position();
  RecordCursor cursor(store_, nullptr);
  if (absl::Status status = cursor.Seek(after + 1); !status.ok()) return status;
  for (uint64_t next = after + 1; next <= end; next = cursor.last_position() + 1) {
    if (next > after + 1) {
      if (absl::Status status = cursor.Next(); !status.ok()) return status;
    }
    if (cursor.is_at_end()) return DamagedRecord(store_, next, "missing");
    const auto record = cursor.Parse();
    if (!record.ok()) return record.status();
    if (FirstPosition(**record) != next) return DamagedRecord(store_, next, "missing");
    for (int i = 0; i < (*record)->events_size(); ++i) {
      if (absl::Status status = DropRevisions(**record, i); !status.ok()) return status;
    }
    if (!(*record)->has_item()) continue;
    store_.Put(batch_, Table::kMeta, KeyOfRemembered(cursor.last_position()), KeyOfItem(KeyOf((*record)->item())));
  }
  for (Table table : {Table::kRecords, Table::kTexts}) {
    store_.DeleteRange(batch_, table, KeyOfNumber(after + 1), KeyOfNumber(end + 1));
  }
  return absl::OkStatus();
}

absl::Status TrimStep::DropRevisions(const stored::v1::Record& record, int index) {
  const stored::v1::StoredEvent& event = record.events(index);
  const std::string prefix = PrefixOfEvent(event.event_id());
  const std::string own = KeyOfRevision(event.event_id(), event.revision());
  const auto iterator = store_.NewIterator(Table::kEvents, nullptr);
  std::optional<std::string> earlier;  // the key of the row before, when its record is dropped
  for (iterator->Seek(prefix); iterator->Valid() && iterator->key().starts_with(prefix); iterator->Next()) {
    if (earlier) store_.Delete(batch_, Table::kEvents, *earlier);
    earlier.reset();
    const auto position = RecordPositionOf(ToView(iterator->value()));
    if (!position)
      return absl::DataLossError(absl::StrCat(store_.path(), ": the entry of event ", event.event_id(), " is damaged"));
    if (*position <= meta_.base().last_position()) earlier = ToView(iterator->key());
  }
  if (absl::Status status = store_.CheckEnd(*iterator); !status.ok()) return status;
  // What is left is the latest revision of all: this one, or one whose own turn comes or has come.
  if (earlier != own) return absl::OkStatus();
  if (!IsLive(event)) {
    store_.Delete(batch_, Table::kEvents, own);
    return absl::OkStatus();
  }
  EventRow row{record.last_position(), stored::v1::KeptEvent()};
  *row.kept->mutable_event() = event;
  row.kept->set_position(FirstPosition(record) + index);
  row.kept->set_append_time_us(record.append_time_us());
  store_.Put(batch_, Table::kEvents, own, ValueOf(row));
  return absl::OkStatus();
}

absl::Status TrimStep::ForgetItems(int64_t before_us) {
  const rocksdb::Slice prefix(kRememberedPrefix.data(), kRememberedPrefix.size());
  const auto iterator = store_.NewIterator(Table::kMeta, nullptr);
  iterator->Seek(prefix);
  for (int i = 0; i < kMaxForgotten && iterator->Valid() && iterator->key().starts_with(prefix); ++i, iterator->Next()) {
    const std::string_view key = ToView(iterator->value());
    const auto row = store_.Get(Table::kItems, key, nullptr);
    if (!row.ok() && !absl::IsNotFound(row.status())) return row.status();
    stored::v1::ItemEntry item;
    if (row.ok() && !item.ParseFromString(*row)) {
      return absl::DataLossError(absl::StrCat(store_.path(), ": the entry of an item is damaged"));
    }
    // A later record of the item goes on remembering it.
    const bool is_own = KeyOfRemembered(item.last_position()) == ToView(iterator->key());
    if (is_own && item.append_time_us() >= before_us) break;
    if (is_own) store_.Delete(batch_, Table::kItems, key);
    store_.Delete(batch_, Table::kMeta, ToView(iterator->key()));
  }
  return store_.CheckEnd(*iterator);
}

}  // namespace demarche::log
