#include "server/subscription/start.h"

#include <string>

#include "google/protobuf/util/time_util.h"
#include "server/error/error.h"
#include "server/subscription/position.h"

namespace demarche::subscription {
namespace {

using ::google::protobuf::util::TimeUtil;

constexpr int64_t kMicrosPerSecond = 1'000'000;

absl::StatusOr<Opening> ResolveTime(const google::protobuf::Timestamp& time, const log::EventLog& log) {
  if (time.seconds() < TimeUtil::kTimestampMinSeconds || time.seconds() > TimeUtil::kTimestampMaxSeconds || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "start.time",
                           std::to_string(time.seconds()) + " s " + std::to_string(time.nanos()) +
                               " ns, must lie in the years 1 to 9999 with nanos 0 to 999999999");
  }
  // Rounded up: times of the log are whole microseconds, and what was appended before the time is not wanted.
  auto position = log.PositionBefore(time.seconds() * kMicrosPerSecond + (time.nanos() + 999) / 1000);
  if (!position.ok()) return position.status();
  return Opening{*position, std::nullopt};
}

}  // namespace

absl::StatusOr<Opening> ResolveAfter(uint64_t after, v1::OnExpired on_expired, const log::LogInfo& info) {
  if (after > info.last_position) {
    return PositionError(absl::StatusCode::kOutOfRange, v1::ERROR_REASON_CURSOR_AHEAD,
                         "the position is newer than the log: it is of another server or of a log restored since", info);
  }
  if (after >= info.first_position) return Opening{after, std::nullopt};
  switch (on_expired) {
    case v1::ON_EXPIRED_EARLIEST:
      return Opening{info.first_position, Lost{after, info.first_position}};
    case v1::ON_EXPIRED_LATEST:
      return Opening{info.last_position, Lost{after, info.last_position}};
    default:
      return PositionError(absl::StatusCode::kOutOfRange, v1::ERROR_REASON_CURSOR_EXPIRED,
                           "the position is older than the log: revisions after it no longer exist", info);
  }
}

absl::StatusOr<Opening> ResolveStart(const v1::StartPosition& start, v1::OnExpired on_expired, const log::EventLog& log) {
  const log::LogInfo info = log.info();
  switch (start.start_case()) {
    case v1::StartPosition::kAfter: {
      const auto position = ParsePosition(start.after(), info);
      if (!position.ok()) return position.status();
      return ResolveAfter(*position, on_expired, info);
    }
    case v1::StartPosition::kTime:
      return ResolveTime(start.time(), log);
    case v1::StartPosition::kEarliest:
      return Opening{info.first_position, std::nullopt};
    default:
      return Opening{info.last_position, std::nullopt};
  }
}

}  // namespace demarche::subscription
