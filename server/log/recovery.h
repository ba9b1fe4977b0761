#ifndef DEMARCHE_SERVER_LOG_RECOVERY_H_
#define DEMARCHE_SERVER_LOG_RECOVERY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/record.pb.h"
#include "server/log/mark_file.h"
#include "server/log/store.h"

// What is checked before a log is used: that it holds all that was acknowledged.
namespace demarche::log {

// Where a log ends.
struct Tail {
  stored::v1::LogMeta meta;
  stored::v1::BatchSeal seal;
  uint64_t erased_count = 0;  // records of which something was erased; only CheckLog counts them
};

// DATA_LOSS names file and position when the log ends before the mark, differs from it, or its last batches are damaged.
// FAILED_PRECONDITION when the format is not known. NOT_FOUND when the store is new.
absl::StatusOr<Tail> CheckTail(const Store& store, const MarkFile& mark);

// Recomputes the chain over the batches first ... last, and compares what was erased in them with what they say was erased. Gives
// how many of their records something was erased of. DATA_LOSS names the position at which it differs.
absl::StatusOr<uint64_t> CheckBatches(const Store& store, const stored::v1::LogMeta& meta, uint64_t first, uint64_t last);

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_RECOVERY_H_
