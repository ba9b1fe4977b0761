#ifndef DEMARCHE_SERVER_HTTP_RPC_DIALECT_H_
#define DEMARCHE_SERVER_HTTP_RPC_DIALECT_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/status.pb.h"
#include "httplib.h"

// How a call is written in HTTP: Connect (https://connectrpc.com/docs/protocol) and gRPC-Web
// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md).
namespace demarche::http {

enum class Protocol {
  kConnectUnary,   // the body is the message
  kConnectStream,  // messages in envelopes; the last one says how it ended
  kGrpcWeb,        // the same, with trailers as the last one; for calls of both kinds
};

// What the Content-Type of a request names, and its answer uses.
struct Dialect {
  const char* content_type;
  Protocol protocol;
  bool is_json = false;
  bool is_base64 = false;  // the whole body
};

// Null when it is none of these; parameters of the type are left aside.
const Dialect* DialectOf(const std::string& content_type);
// All of them, with commas between.
std::string ContentTypes();

// How long the client waits: Connect-Timeout-Ms, or grpc-timeout. REQUEST_INVALID when it cannot be read.
absl::StatusOr<std::optional<absl::Duration>> TimeoutOf(const httplib::Request& request, const Dialect& dialect);

// The one message of a body, as protobuf bytes. REQUEST_INVALID; UNIMPLEMENTED when the message is compressed.
absl::StatusOr<std::string> MessageOf(const std::string& body, const Dialect& dialect, const google::protobuf::Descriptor& type);

// A message of an answer, given as protobuf bytes. INTERNAL when these are not of the type.
absl::StatusOr<std::string> Written(const std::string& message, const Dialect& dialect, const google::protobuf::Descriptor& type);
// What follows the last message: not for kConnectUnary.
std::string WrittenEnd(const google::rpc::Status& status, const Dialect& dialect);

// Answers a call that ends with an error before any message.
void WriteError(const google::rpc::Status& status, const Dialect& dialect, httplib::Response& response);

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_RPC_DIALECT_H_
