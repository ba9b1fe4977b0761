#include "server/subscription/position.h"

#include <charconv>

#include "absl/strings/str_cat.h"
#include "server/error/error.h"

namespace demarche::subscription {
namespace {

constexpr size_t kDigits = 16;

bool AreHexDigits(std::string_view text) {
  return text.size() == kDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string FormatPosition(std::string_view epoch, uint64_t position) {
  std::string text(epoch);
  absl::StrAppend(&text, "-", absl::Hex(position, absl::kZeroPad16));
  return text;
}

absl::StatusOr<uint64_t> ParsePosition(std::string_view text, const log::LogInfo& info) {
  if (text.size() != 2 * kDigits + 1 || text[kDigits] != '-' || !AreHexDigits(text.substr(0, kDigits)) ||
      !AreHexDigits(text.substr(kDigits + 1))) {
    return error::Make(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_CURSOR_MALFORMED,
                       absl::StrCat("not a position of this service: ", text.size(), " bytes; use one that it gave out"));
  }
  if (text.substr(0, kDigits) != info.epoch) {
    return PositionError(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_EPOCH_MISMATCH,
                         "the position is of epoch " + std::string(text.substr(0, kDigits)) + ", the log of " + info.epoch, info);
  }
  uint64_t position = 0;
  std::from_chars(text.data() + kDigits + 1, text.data() + text.size(), position, 16);
  return position;
}

absl::Status PositionError(absl::StatusCode code, v1::ErrorReason reason, const std::string& message, const log::LogInfo& info) {
  return error::Make(code, reason, message,
                     {.metadata = {{"first_position", FormatPosition(info.epoch, info.first_position)},
                                   {"last_position", FormatPosition(info.epoch, info.last_position)},
                                   {"epoch", info.epoch}}});
}

}  // namespace demarche::subscription
