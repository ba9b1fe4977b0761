#ifndef DEMARCHE_CLIENT_CLI_TIMES_H_
#define DEMARCHE_CLIENT_CLI_TIMES_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace demarche::cli {

// `2025-02-12T18:30:00Z` (RFC 3339), `2025-02-12 18:30` or `2025-02-12`, the latter two in UTC.
std::optional<absl::Time> ParseTime(const std::string& text);
// A time as above, or a span before `now`: `90s`, `30m`, `2h`, `7d`.
std::optional<absl::Time> ParseSince(const std::string& text, absl::Time now);

google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);
// `2025-02-12 18:30Z`
std::string FormatMinute(const google::protobuf::Timestamp& timestamp);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_TIMES_H_
