#ifndef DEMARCHE_CLIENT_CPP_ERROR_H_
#define DEMARCHE_CLIENT_CPP_ERROR_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace demarche::client {

// A field that breaks a limit.
struct FieldViolation {
  std::string field = {};
  std::string description = {};
};

// A failed call, decoded: the status with what the server added in google.rpc details.
struct Error {
  grpc::StatusCode code = grpc::StatusCode::OK;
  std::string message = {};
  std::string reason = {};                           // of ErrorInfo, for example ITEM_INVALID; empty when the server sent none
  std::map<std::string, std::string> metadata = {};  // of ErrorInfo, for example first_position
  std::vector<FieldViolation> violations = {};       // of BadRequest
  std::optional<absl::Duration> retry_after = {};    // of RetryInfo

  bool ok() const { return code == grpc::StatusCode::OK; }
};

Error DecodeError(const grpc::Status& status);
// Of a fault on this side, such as a file that cannot be read.
Error DecodeError(const absl::Status& status);
Error DecodeError(const google::rpc::Status& status);

// Of what the caller cancelled.
inline Error Cancelled() { return Error{.code = grpc::StatusCode::CANCELLED, .message = "cancelled"}; }

// How a stream ended that its caller did not cancel: OK and a CANCELLED without a reason come from a server on its way down.
Error EndOfStream(Error end);

// No answer came from a server: nothing listens, or the connection broke.
bool IsUnreachable(const Error& error);

// The same call may succeed later: the connection broke, or the server asks to come again.
bool MayRetry(const Error& error);

// The canonical name, for example INVALID_ARGUMENT.
std::string CodeName(grpc::StatusCode code);

// What to do about it, a sentence; empty when there is nothing to say.
std::string Advice(const Error& error);

// In one line: reason, message, fields, metadata, advice.
std::string Describe(const Error& error);

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_ERROR_H_
