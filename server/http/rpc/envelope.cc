#include "server/http/rpc/envelope.h"

#include "absl/strings/str_cat.h"
#include "server/error/error.h"

namespace demarche::http {
namespace {

constexpr size_t kHeadBytes = 5;
constexpr uint8_t kCompressedFlag = 0x01;

absl::Status BadEnvelope(const std::string& description) {
  return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "body", description);
}

}  // namespace

std::string InEnvelope(const std::string& content, uint8_t flags) {
  const auto size = static_cast<uint32_t>(content.size());
  std::string envelope;
  envelope.reserve(kHeadBytes + content.size());
  envelope.push_back(static_cast<char>(flags));
  for (int shift = 24; shift >= 0; shift -= 8) envelope.push_back(static_cast<char>(size >> shift & 0xff));
  return envelope += content;
}

absl::StatusOr<std::string> OpenEnvelope(const std::string& body) {
  if (body.size() < kHeadBytes) {
    return BadEnvelope(absl::StrCat(body.size(), " bytes, and an envelope begins with 5: flags, and the length of the message"));
  }
  const auto flags = static_cast<uint8_t>(body[0]);
  if ((flags & kCompressedFlag) != 0) {
    return error::Make(absl::StatusCode::kUnimplemented, v1::ERROR_REASON_NOT_SERVED,
                       "compressed messages are not read: send them as they are (identity)");
  }
  if (flags != kMessageFlags) return BadEnvelope(absl::StrCat("an envelope with flags ", flags, ", where a message has 0"));
  size_t size = 0;
  for (size_t i = 1; i < kHeadBytes; ++i) size = size << 8 | static_cast<uint8_t>(body[i]);
  if (body.size() - kHeadBytes != size) {
    return BadEnvelope(
        absl::StrCat("the envelope tells of ", size, " bytes and ", body.size() - kHeadBytes, " follow: a request is one message"));
  }
  return body.substr(kHeadBytes);
}

}  // namespace demarche::http
