#include <string>
#include <utility>

#include "server/log/keys.h"
#include "server/log/rocksdb_log.h"
#include "server/log/tables.h"
#include "server/log/trim.h"

namespace demarche::log {

absl::StatusOr<bool> RocksDbLog::Trim(const Retention& retention) {
  if (absl::Status status = CheckWritable(); !status.ok()) return status;
  auto dropped = Drop(retention);
  if (!dropped.ok() || *dropped) return dropped;
  if (absl::Status status = GiveBackSpace(); !status.ok()) return status;
  return false;
}

absl::StatusOr<bool> RocksDbLog::Drop(const Retention& retention) {
  const absl::MutexLock lock(&writing_);
  uint64_t marked_number = 0;
  {
    const absl::ReaderMutexLock reading(&mutex_);
    if (!stopped_.ok()) return stopped_;
    marked_number = marked_number_;
  }
  TrimStep step(*store_, meta_, seal_, marked_number);
  if (absl::Status status = step.Plan(retention); !status.ok()) return status;
  if (step.batch().Count() == 0) return false;
  // Not synced: what a loss of power brings back is whole.
  if (absl::Status status = store_->Write(step.batch(), /*sync=*/false); !status.ok()) return Stop(status);
  meta_ = step.meta();
  Show();
  return true;
}

absl::Status RocksDbLog::GiveBackSpace() {
  const ViewPtr shown = view();
  if (std::exchange(compacted_number_, shown->base.number()) == shown->base.number()) return absl::OkStatus();
  const std::string end = KeyOfNumber(shown->base.last_position());
  for (Table table : {Table::kRecords, Table::kTexts}) {
    if (absl::Status status = store_->Compact(table, end); !status.ok()) return status;
  }
  return store_->Compact(Table::kSeals, KeyOfNumber(shown->base.number()));
}

}  // namespace demarche::log
