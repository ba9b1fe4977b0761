#ifndef DEMARCHE_SERVER_LOG_TRIM_H_
#define DEMARCHE_SERVER_LOG_TRIM_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/record.pb.h"
#include "server/log/event_log.h"
#include "server/log/store.h"

namespace demarche::log {

// One step of dropping old records: some batches, and what follows from that for the keys. Nothing is changed until its batch is
// written, and nothing else may be written between. One thread; outlived by the store.
class TrimStep {
 public:
  // `marked_number`: batches after it are not known to be on the disk and stay. `end`: the last batch, which stays.
  TrimStep(const Store& store, const stored::v1::LogMeta& meta, const stored::v1::BatchSeal& end, uint64_t marked_number)
      : store_(store), meta_(meta), end_(end), marked_number_(marked_number) {}

  // DATA_LOSS when what is to be dropped is damaged: it may be all that is left of an event.
  absl::Status Plan(const Retention& retention);

  rocksdb::WriteBatch& batch() { return batch_; }
  // As it is to be, and in the batch.
  const stored::v1::LogMeta& meta() const { return meta_; }

 private:
  // The batches that go: moves the base.
  absl::Status MoveBase(const Retention& retention);
  absl::Status DropRecords(uint64_t after);
  // Drops the revisions of an event that stand up to the base, but keeps the latest of all if it is live and this one.
  absl::Status DropRevisions(const stored::v1::Record& record, int index);
  absl::Status ForgetItems(int64_t before_us);

  const Store& store_;
  stored::v1::LogMeta meta_;
  const stored::v1::BatchSeal& end_;
  const uint64_t marked_number_;
  rocksdb::WriteBatch batch_;
};

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_TRIM_H_
