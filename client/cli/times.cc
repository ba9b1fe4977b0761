#include "client/cli/times.h"

#include "absl/strings/numbers.h"

namespace demarche::cli {
namespace {

std::optional<absl::Duration> ParseSpan(const std::string& text) {
  absl::Duration span;
  double days = 0;
  if (!text.empty() && text.back() == 'd' && absl::SimpleAtod(text.substr(0, text.size() - 1), &days)) {
    span = absl::Hours(24) * days;
  } else if (!absl::ParseDuration(text, &span)) {
    return std::nullopt;
  }
  if (span < absl::ZeroDuration() || span == absl::InfiniteDuration()) return std::nullopt;
  return span;
}

}  // namespace

std::optional<absl::Time> ParseTime(const std::string& text) {
  for (const char* format : {"%Y-%m-%d%ET%H:%M:%E*S%Ez", "%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
    absl::Time time;
    if (absl::ParseTime(format, text, &time, nullptr) && time != absl::InfiniteFuture() && time != absl::InfinitePast())
      return time;
  }
  return std::nullopt;
}

std::optional<absl::Time> ParseSince(const std::string& text, absl::Time now) {
  if (const auto span = ParseSpan(text)) return now - *span;
  return ParseTime(text);
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const timespec parts = absl::ToTimespec(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(parts.tv_sec);
  timestamp.set_nanos(static_cast<int32_t>(parts.tv_nsec));
  return timestamp;
}

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

std::string FormatMinute(const google::protobuf::Timestamp& timestamp) {
  return absl::FormatTime("%Y-%m-%d %H:%MZ", FromTimestamp(timestamp), absl::UTCTimeZone());
}

}  // namespace demarche::cli
