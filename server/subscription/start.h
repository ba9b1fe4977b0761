#ifndef DEMARCHE_SERVER_SUBSCRIPTION_START_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_START_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "demarche/v1/event_service.pb.h"
#include "server/log/event_log.h"

namespace demarche::subscription {

// Revisions that no longer exist: those after `after`, up to `resumed_at`.
struct Lost {
  uint64_t after = 0;
  uint64_t resumed_at = 0;
};

// Where a reader begins.
struct Opening {
  uint64_t after = 0;
  std::optional<Lost> lost;
};

// Resolves what a client asks for. Errors: CURSOR_MALFORMED, EPOCH_MISMATCH, CURSOR_AHEAD, CURSOR_EXPIRED (unless on_expired names
// where to go on), REQUEST_INVALID for a time that is none.
absl::StatusOr<Opening> ResolveStart(const v1::StartPosition& start, v1::OnExpired on_expired, const log::EventLog& log);

// The same for a position: in the log, or what on_expired says.
absl::StatusOr<Opening> ResolveAfter(uint64_t after, v1::OnExpired on_expired, const log::LogInfo& info);

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_START_H_
