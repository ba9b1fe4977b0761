#ifndef DEMARCHE_SERVER_HTTP_RPC_ENVELOPE_H_
#define DEMARCHE_SERVER_HTTP_RPC_ENVELOPE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace demarche::http {

// An envelope: one byte of flags, four of the length (the highest first), the content.
inline constexpr uint8_t kMessageFlags = 0;
inline constexpr uint8_t kConnectEndFlags = 0x02;
inline constexpr uint8_t kGrpcTrailerFlags = 0x80;

std::string InEnvelope(const std::string& content, uint8_t flags);

// What is in the one envelope of a request. REQUEST_INVALID when it is not exactly one; UNIMPLEMENTED when its content is
// compressed.
absl::StatusOr<std::string> OpenEnvelope(const std::string& body);

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_RPC_ENVELOPE_H_
