#ifndef DEMARCHE_SERVER_SUBSCRIPTION_POSITION_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_POSITION_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/v1/errors.pb.h"
#include "server/log/event_log.h"

namespace demarche::subscription {

// A position as clients see it, an opaque string: the log's epoch, '-', and 16 hex digits.
std::string FormatPosition(std::string_view epoch, uint64_t position);

// Strict: only what FormatPosition gives. CURSOR_MALFORMED; EPOCH_MISMATCH, with the positions that exist, when it is of another
// log.
absl::StatusOr<uint64_t> ParsePosition(std::string_view text, const log::LogInfo& info);

// An error with first_position and last_position of the log as metadata.
absl::Status PositionError(absl::StatusCode code, v1::ErrorReason reason, const std::string& message, const log::LogInfo& info);

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_POSITION_H_
