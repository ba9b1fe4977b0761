#ifndef DEMARCHE_SERVER_LOG_VERIFY_H_
#define DEMARCHE_SERVER_LOG_VERIFY_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/log/mark_file.h"
#include "server/log/recovery.h"
#include "server/log/store.h"

namespace demarche::log {

// Reads everything: what CheckTail checks, the checksums of all files, the chain over all records, and that every item and event is
// found by its key. DATA_LOSS names the first damage; NOT_FOUND when the store is new.
absl::StatusOr<Tail> CheckLog(const Store& store, const MarkFile& mark);

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_VERIFY_H_
