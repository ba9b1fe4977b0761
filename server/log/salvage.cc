#include "server/log/salvage.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "server/log/keys.h"
#include "server/log/stamp.h"
#include "server/log/tables.h"

namespace demarche::log {
namespace {

constexpr size_t kBatchBytes = 1 << 20;

// Walks through a table whose keys are numbers, and passes over the blocks that cannot be read.
class SalvageCursor {
 public:
  SalvageCursor(const Store& store, Table table) : iterator_(store.NewIterator(table, nullptr)) { Seek(0); }

  // To the next row that can be read, at the number or after it.
  void Seek(uint64_t number) {
    Try(number);
    if (iterator_->status().ok()) return;
    // Behind the damage: first a number that can be sought, then the least one.
    uint64_t bad = number;
    uint64_t step = 1;
    while (!Try(bad + step)) {
      if (std::numeric_limits<uint64_t>::max() - bad < 2 * step) return;
      bad += step;
      step *= 2;
    }
    uint64_t good = bad + step;
    while (good - bad > 1) {
      const uint64_t middle = bad + (good - bad) / 2;
      (Try(middle) ? good : bad) = middle;
    }
    Try(good);
  }
  void Next() {
    const uint64_t next = number() + 1;
    iterator_->Next();
    if (!iterator_->status().ok() || (iterator_->Valid() && !NumberOf(iterator_->key().ToStringView()))) Seek(next);
  }
  bool is_at_end() const { return !iterator_->Valid(); }
  uint64_t number() const { return *NumberOf(iterator_->key().ToStringView()); }
  std::string_view row() const { return iterator_->value().ToStringView(); }

 private:
  bool Try(uint64_t number) {
    iterator_->Seek(KeyOfNumber(number));
    return iterator_->status().ok();
  }

  const std::unique_ptr<rocksdb::Iterator> iterator_;
};

// A row of `records`, as far as it is one.
struct Row {
  stored::v1::Record record;
  std::string bytes;
};

class Salvager {
 public:
  Salvager(const Store& damaged, const stored::v1::LogMeta& meta, Store& fresh)
      : damaged_(damaged), fresh_(fresh), meta_(meta), records_(damaged, Table::kRecords), seals_(damaged, Table::kSeals) {
    salvaged_.seal = meta.base();
  }

  absl::StatusOr<Salvaged> Run(uint64_t end) {
    if (absl::Status status = KeepOldItems(); !status.ok()) return status;
    if (absl::Status status = KeepOldEvents(); !status.ok()) return status;
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

 private:
  // The row at the cursor; nothing when it is no record.
  std::optional<Row> Take() const {
    Row row{{}, std::string(records_.row())};
    if (!row.record.ParseFromString(row.bytes) || row.record.last_position() != records_.number()) return std::nullopt;
    return row;
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
    if (first <= salvaged_.seal.last_position()) return absl::OkStatus();
    if (first > salvaged_.seal.last_position() + 1) AddGap(first - 1);
    if (auto text = damaged_.Get(Table::kTexts, KeyOfNumber(record.last_position()), nullptr); text.ok()) {
      record.set_news_item(*std::move(text));
    }
    PutRecord(fresh_, record, salvaged_.seal, batch_);
    ++salvaged_.records;
    return batch_.GetDataSize() < kBatchBytes ? absl::OkStatus() : Write(/*sync=*/false);
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

  absl::Status KeepOldItems() {
    rocksdb::WriteBatch batch;
    const auto iterator = damaged_.NewIterator(Table::kItems, nullptr);
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

  absl::Status KeepOldEvents() {
    rocksdb::WriteBatch batch;
    const auto iterator = damaged_.NewIterator(Table::kEvents, nullptr);
    for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
      const std::string_view value = iterator->value().ToStringView();
      const auto row = ParseEventRow(value);
      if (row && row->kept) fresh_.Put(batch, Table::kEvents, iterator->key().ToStringView(), value);
    }
    return fresh_.Write(batch, /*sync=*/false);
  }

  const Store& damaged_;
  Store& fresh_;
  const stored::v1::LogMeta& meta_;
  SalvageCursor records_;
  SalvageCursor seals_;
  Salvaged salvaged_;
  rocksdb::WriteBatch batch_;
};

}  // namespace

absl::StatusOr<Salvaged> Salvage(const Store& damaged, const stored::v1::LogMeta& meta, uint64_t end, Store& fresh) {
  return Salvager(damaged, meta, fresh).Run(end);
}

std::optional<uint64_t> FirstReadable(const Store& damaged) {
  const SalvageCursor cursor(damaged, Table::kRecords);
  stored::v1::Record record;
  if (cursor.is_at_end() || !record.ParseFromArray(cursor.row().data(), static_cast<int>(cursor.row().size()))) return std::nullopt;
  return FirstPosition(record);
}

}  // namespace demarche::log
