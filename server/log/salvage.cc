#include "server/log/salvage.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "server/log/keys.h"
#include "server/log/salvage_cursor.h"
#include "server/log/stamp.h"
#include "server/log/tables.h"

namespace demarche::log {
namespace {

constexpr size_t kWriteBytes = 1 << 20;

// A row of `records`, as far as it is one.
struct Row {
  stored::v1::Record record;
  std::string bytes;
};

class Salvager {
 public:
  Salvager(const Damaged& damaged, const stored::v1::LogMeta& meta, Store& fresh)
      : fresh_(fresh),
        meta_(meta),
        records_(damaged.directories, Table::kRecords),
        texts_(damaged.directories, Table::kTexts),
        seals_(damaged.directories, Table::kSeals) {
    salvaged_.seal = meta.base();
    FindErased(damaged);
  }

  // What outlived its record, and what stands beside the records.
  absl::Status KeepOld(const Store& damaged) {
    if (const auto copied = CopyMeta(damaged, kStatePrefix); !copied.ok()) return copied.status();
    if (absl::Status status = KeepOldItems(damaged); !status.ok()) return status;
    return KeepOldEvents(damaged);
  }

  absl::StatusOr<Salvaged> Run(uint64_t end) {
    stored::v1::BatchSeal before = meta_.base();
    for (; !seals_.is_at_end(); seals_.Next()) {
      stored::v1::BatchSeal seal;
      if (!seal.ParseFromArray(seals_.row().data(), static_cast<int>(seals_.row().size()))) continue;
      if (absl::Status status = AddBatch(before, seal); !status.ok()) return status;
      before = seal;
      end = std::max(end, seal.last_position());
    }
    for (; !records_.is_at_end(); records_.Next()) {
      auto row = Take();
      if (!row) continue;
      if (absl::Status status = Add(*std::move(row)); !status.ok()) return status;
    }
    if (end > salvaged_.seal.last_position()) AddGap(end);
    if (absl::Status status = Write(/*sync=*/true); !status.ok()) return status;
    return std::move(salvaged_);
  }

  // The rows of the stages that remember, unless some of them or a record that they speak of was lost: what is half remembered
  // would take a lost item that is sent again for a copy of itself.
  absl::Status KeepStageRows(const Store& damaged, bool is_whole) {
    if (is_whole) {
      const auto is_read = CopyMeta(damaged, kStagePrefix);
      if (!is_read.ok()) return is_read.status();
      is_whole = *is_read;
    }
    rocksdb::WriteBatch batch;
    if (!is_whole) fresh_.DeleteRange(batch, Table::kMeta, kStagePrefix, kStageEnd);
    return fresh_.Write(batch, /*sync=*/true);
  }

 private:
  // What was erased may still stand in a file that was not written anew since.
  void FindErased(const Damaged& damaged) {
    stored::v1::Record record;
    for (SalvageCursor records(damaged.directories, Table::kRecords); !records.is_at_end(); records.Next()) {
      for (const std::string_view row : records.rows()) {
        if (!record.ParseFromArray(row.data(), static_cast<int>(row.size()))) continue;
        for (const stored::v1::ErasedRow& erased : record.erased()) {
          if (erased.text()) erased_texts_.insert(erased.last_position());
          if (!erased.row_sha256().empty()) erased_rows_[erased.last_position()] = erased.row_sha256();
        }
      }
    }
  }

  // The row at the cursor; nothing when it is no record, or was erased and only its old version is left.
  std::optional<Row> Take() const {
    const auto erased = erased_rows_.find(records_.number());
    for (const std::string_view bytes : records_.rows()) {
      if (erased != erased_rows_.end() && DigestOf(bytes) != erased->second) continue;
      Row row{{}, std::string(bytes)};
      if (row.record.ParseFromString(row.bytes) && row.record.last_position() == records_.number()) return row;
    }
    return std::nullopt;
  }

  // The records of a batch, unless they are all there and not those that were written.
  absl::Status AddBatch(const stored::v1::BatchSeal& before, const stored::v1::BatchSeal& seal) {
    std::vector<Row> rows;
    for (; !records_.is_at_end() && records_.number() <= seal.last_position(); records_.Next()) {
      if (auto row = Take()) rows.push_back(*std::move(row));
    }
    if (seal.number() == before.number() + 1 && IsForged(rows, before, seal)) return absl::OkStatus();
    for (Row& row : rows) {
      if (absl::Status status = Add(std::move(row)); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  static bool IsForged(const std::vector<Row>& rows, stored::v1::BatchSeal at, const stored::v1::BatchSeal& seal) {
    for (const Row& row : rows) {
      if (FirstPosition(row.record) != at.last_position() + 1) return false;
      Extend(row.record, row.bytes, 0, at);
    }
    return at.last_position() == seal.last_position() && at.chain() != seal.chain();
  }

  absl::Status Add(Row row) {
    stored::v1::Record& record = row.record;
    const uint64_t first = FirstPosition(record);
    // Dropped, but its file is still there.
    if (first <= salvaged_.seal.last_position()) return absl::OkStatus();
    if (first > salvaged_.seal.last_position() + 1) AddGap(first - 1);
    while (!texts_.is_at_end() && texts_.number() < record.last_position()) texts_.Next();
    const bool has_text = !texts_.is_at_end() && texts_.number() == record.last_position();
    if (has_text && !erased_texts_.contains(record.last_position())) record.set_news_item(std::string(texts_.row()));
    // The chain begins anew, over the rows as they are.
    record.clear_written_sha256();
    record.clear_erased();
    if (absl::Status status = Relink(record); !status.ok()) return status;
    PutRecord(fresh_, record, salvaged_.seal, batch_);
    ++salvaged_.records;
    return batch_.GetDataSize() < kWriteBytes ? absl::OkStatus() : Write(/*sync=*/false);
  }

  // The item's record before it may be lost.
  absl::Status Relink(stored::v1::Record& record) {
    if (record.item().previous_position() == 0) return absl::OkStatus();
    if (absl::Status status = Write(/*sync=*/false); !status.ok()) return status;
    stored::v1::ItemEntry before;
    const auto row = fresh_.Get(Table::kItems, KeyOfItem(KeyOf(record.item())), nullptr);
    if (!row.ok() && !absl::IsNotFound(row.status())) return row.status();
    if (row.ok()) before.ParseFromString(*row);
    record.mutable_item()->set_previous_position(before.last_position());
    return absl::OkStatus();
  }

  void AddGap(uint64_t through) {
    stored::v1::Record marker;
    marker.set_lost_after(salvaged_.seal.last_position());
    marker.set_last_position(through);
    marker.set_append_time_us(salvaged_.seal.append_time_us());
    salvaged_.gaps.push_back({marker.lost_after(), through});
    PutRecord(fresh_, marker, salvaged_.seal, batch_);
  }

  // Closes the batch with a seal of its own.
  absl::Status Write(bool sync) {
    if (batch_.Count() > 0) {
      salvaged_.seal.set_number(salvaged_.seal.number() + 1);
      PutSeal(fresh_, salvaged_.seal, batch_);
    }
    if (absl::Status status = fresh_.Write(batch_, sync); !status.ok()) return status;
    batch_.Clear();
    return absl::OkStatus();
  }

  // Copies the rows whose keys begin with the prefix, as far as they can be read. Whether that was all of them.
  absl::StatusOr<bool> CopyMeta(const Store& damaged, std::string_view prefix) {
    rocksdb::WriteBatch batch;
    const std::string begin(prefix);
    const auto iterator = damaged.NewIterator(Table::kMeta, nullptr);
    for (iterator->Seek(begin); iterator->Valid() && iterator->key().starts_with(begin); iterator->Next()) {
      fresh_.Put(batch, Table::kMeta, iterator->key().ToStringView(), iterator->value().ToStringView());
      if (batch.GetDataSize() < kWriteBytes) continue;
      if (absl::Status status = fresh_.Write(batch, /*sync=*/false); !status.ok()) return status;
      batch.Clear();
    }
    if (absl::Status status = fresh_.Write(batch, /*sync=*/false); !status.ok()) return status;
    return iterator->status().ok();
  }

  absl::Status KeepOldItems(const Store& damaged) {
    rocksdb::WriteBatch batch;
    const auto iterator = damaged.NewIterator(Table::kItems, nullptr);
    for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
      const std::string_view row = iterator->value().ToStringView();
      stored::v1::ItemEntry item;
      if (!item.ParseFromArray(row.data(), static_cast<int>(row.size())) || item.last_position() > meta_.base().last_position()) {
        continue;
      }
      fresh_.Put(batch, Table::kItems, iterator->key().ToStringView(), row);
      fresh_.Put(batch, Table::kMeta, KeyOfRemembered(item.last_position()), iterator->key().ToStringView());
    }
    return fresh_.Write(batch, /*sync=*/false);
  }

  absl::Status KeepOldEvents(const Store& damaged) {
    rocksdb::WriteBatch batch;
    const auto iterator = damaged.NewIterator(Table::kEvents, nullptr);
    for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
      const std::string_view value = iterator->value().ToStringView();
      const auto row = ParseEventRow(value);
      if (row && row->kept) fresh_.Put(batch, Table::kEvents, iterator->key().ToStringView(), value);
    }
    return fresh_.Write(batch, /*sync=*/false);
  }

  Store& fresh_;
  const stored::v1::LogMeta& meta_;
  SalvageCursor records_;
  SalvageCursor texts_;
  SalvageCursor seals_;
  std::unordered_map<uint64_t, std::string> erased_rows_;  // digest of the row as it is since, by last position
  std::unordered_set<uint64_t> erased_texts_;
  Salvaged salvaged_;
  rocksdb::WriteBatch batch_;
};

}  // namespace

absl::StatusOr<Salvaged> Salvage(const Damaged& damaged, const stored::v1::LogMeta& meta, uint64_t end, Store& fresh) {
  Salvager salvager(damaged, meta, fresh);
  if (damaged.store != nullptr) {
    if (absl::Status status = salvager.KeepOld(*damaged.store); !status.ok()) return status;
  }
  auto salvaged = salvager.Run(end);
  if (!salvaged.ok() || damaged.store == nullptr) return salvaged;
  if (absl::Status status = salvager.KeepStageRows(*damaged.store, salvaged->gaps.empty() && !damaged.is_mended); !status.ok())
    return status;
  return salvaged;
}

std::optional<uint64_t> FirstReadable(const Damaged& damaged) {
  const SalvageCursor cursor(damaged.directories, Table::kRecords);
  stored::v1::Record record;
  if (cursor.is_at_end() || !record.ParseFromArray(cursor.row().data(), static_cast<int>(cursor.row().size()))) return std::nullopt;
  return FirstPosition(record);
}

}  // namespace demarche::log
