#include "server/http/json.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/error_details.pb.h"
#include "server/error/error.h"

namespace demarche::http {

using google::protobuf::util::JsonParseOptions;
using google::protobuf::util::MessageToJsonString;

std::string ToJson(const google::protobuf::Message& message) {
  std::string json;
  return MessageToJsonString(message, &json).ok() ? json : "{}";
}

absl::Status ParseJson(const std::string& json, google::protobuf::Message& message) {
  const auto status = google::protobuf::util::JsonStringToMessage(json, &message, JsonParseOptions());
  if (status.ok()) return absl::OkStatus();
  return error::BadField(
      v1::ERROR_REASON_REQUEST_INVALID, "body",
      absl::StrCat("not the JSON of a ", message.GetDescriptor()->full_name(), ": ", status.message().ToString()));
}

google::rpc::Status DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  if (status.error_details().empty() || !details.ParseFromString(status.error_details())) {
    details.set_code(static_cast<int>(status.error_code()));
    details.set_message(status.error_message());
  }
  return details;
}

std::string ErrorJson(const google::rpc::Status& status) { return ToJson(status); }

int HttpCode(int grpc_code) {
  switch (static_cast<grpc::StatusCode>(grpc_code)) {
    case grpc::StatusCode::OK:
      return 200;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::FAILED_PRECONDITION:
      return 400;
    case grpc::StatusCode::UNAUTHENTICATED:
      return 401;
    case grpc::StatusCode::PERMISSION_DENIED:
      return 403;
    case grpc::StatusCode::NOT_FOUND:
      return 404;
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::ABORTED:
      return 409;
    case grpc::StatusCode::OUT_OF_RANGE:
      return 410;  // a position that is not there: google.rpc.Code says 400, but a browser must know to start over
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return 429;
    case grpc::StatusCode::UNIMPLEMENTED:
      return 501;
    case grpc::StatusCode::UNAVAILABLE:
      return 503;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return 504;
    default:
      return 500;
  }
}

int RetryAfterSeconds(const google::rpc::Status& status) {
  google::rpc::RetryInfo retry;
  for (const auto& detail : status.details()) {
    if (detail.UnpackTo(&retry)) return static_cast<int>(retry.retry_delay().seconds()) + (retry.retry_delay().nanos() > 0 ? 1 : 0);
  }
  return 0;
}

std::string EventJson(const v1::EventBatch& batch, int index) {
  std::string json = absl::StrCat(R"({"position":")", batch.positions(index), R"(","appendTime":)",
                                  ToJson(batch.append_times(index)), R"(,"event":)", ToJson(batch.events(index)));
  if (index < batch.filter_exit_size() && batch.filter_exit(index)) json += R"(,"filterExit":true)";
  return json + "}";
}

}  // namespace demarche::http
