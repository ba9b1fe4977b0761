#ifndef DEMARCHE_SERVER_HTTP_JSON_H_
#define DEMARCHE_SERVER_HTTP_JSON_H_

#include <string>

#include "absl/status/status.h"
#include "demarche/v1/event_service.pb.h"
#include "google/protobuf/message.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

// JSON in and out, and what gRPC says in the words of HTTP.
namespace demarche::http {

// In one line.
std::string ToJson(const google::protobuf::Message& message);
// REQUEST_INVALID says what is wrong; unknown fields are errors.
absl::Status ParseJson(const std::string& json, google::protobuf::Message& message);

// The google.rpc.Status that a gRPC status carries, or one with its code and message.
google::rpc::Status DetailsOf(const grpc::Status& status);
// {"code", "message", "details"} with the details as JSON where their types are known.
std::string ErrorJson(const google::rpc::Status& status);
// As google.rpc.Code maps its values.
int HttpCode(int grpc_code);
// Of its RetryInfo, rounded up; 0 when it has none.
int RetryAfterSeconds(const google::rpc::Status& status);

// {"position", "appendTime", "event"} of event `index` of a batch, with "filterExit": true where it applies: as `demarche watch -o
// jsonl` prints it.
std::string EventJson(const v1::EventBatch& batch, int index);

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_JSON_H_
