#include <string>
#include <utility>

#include "server/log/keys.h"
#include "server/log/rocksdb_log.h"
#include "server/log/tables.h"

// State beside the records, in the table of what concerns the log as a whole.
namespace demarche::log {

// Records that were written before are on the disk with it, for they share the write-ahead log; RocksDB syncs both at once.
absl::Status RocksDbLog::WriteState(std::span<const StateChange> changes) {
  if (absl::Status status = CheckWritable(); !status.ok()) return status;
  if (changes.empty()) return absl::OkStatus();
  rocksdb::WriteBatch batch;
  PutState(*store_, changes, batch);
  if (absl::Status status = CheckSpace(batch.GetDataSize()); !status.ok()) return status;
  if (absl::Status status = store_->Write(batch, /*sync=*/true); !status.ok()) return Stop(status);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<StateRow>> RocksDbLog::ReadState(std::string_view prefix, std::string_view after,
                                                            size_t max_bytes) const {
  const std::string begin = std::string(kStatePrefix).append(prefix);
  const auto iterator = store_->NewIterator(Table::kMeta, nullptr);
  // A zero is the least that can follow.
  iterator->Seek(after < prefix ? begin : std::string(kStatePrefix).append(after) + '\0');
  std::vector<StateRow> rows;
  size_t bytes = 0;
  for (; iterator->Valid() && iterator->key().starts_with(begin); iterator->Next()) {
    bytes += iterator->key().size() + iterator->value().size();
    if (bytes > max_bytes && !rows.empty()) break;
    rows.push_back({std::string(iterator->key().ToStringView().substr(kStatePrefix.size())), iterator->value().ToString()});
  }
  if (absl::Status status = store_->CheckEnd(*iterator); !status.ok()) return status;
  return rows;
}

}  // namespace demarche::log
