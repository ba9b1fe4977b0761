#include "server/http/rpc/error_text.h"

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "google/protobuf/struct.pb.h"
#include "grpcpp/support/status.h"
#include "server/http/json.h"

namespace demarche::http {
namespace {

// By the numbers of gRPC's codes.
constexpr std::array kCodeNames = {"ok",        "canceled",       "unknown",           "invalid_argument",   "deadline_exceeded",
                                   "not_found", "already_exists", "permission_denied", "resource_exhausted", "failed_precondition",
                                   "aborted",   "out_of_range",   "unimplemented",     "internal",           "unavailable",
                                   "data_loss", "unauthenticated"};

constexpr int kClientClosedRequest = 499;
constexpr int kBadRequest = 400;

const char* NameOf(int code) {
  const bool is_known = code >= 0 && static_cast<size_t>(code) < kCodeNames.size();
  return kCodeNames[is_known ? static_cast<size_t>(code) : static_cast<size_t>(grpc::StatusCode::UNKNOWN)];
}

std::string Quoted(const std::string& text) {
  google::protobuf::Value value;
  value.set_string_value(text);
  return ToJson(value);
}

// Neither protocol pads it.
std::string Base64(const std::string& bytes) {
  const std::string padded = absl::Base64Escape(bytes);
  return padded.substr(0, padded.find('='));
}

std::string DetailJson(const google::protobuf::Any& detail) {
  const std::string type = detail.type_url().substr(detail.type_url().rfind('/') + 1);
  return absl::StrCat(R"({"type":)", Quoted(type), R"(,"value":")", Base64(detail.value()), R"(","debug":)", ToJson(detail), "}");
}

// As gRPC wants it in a header: what is not printable ASCII, and %, as %XX.
std::string PercentEncoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    if (c >= ' ' && c <= '~' && c != '%') {
      encoded.push_back(c);
    } else {
      absl::StrAppendFormat(&encoded, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace

std::string ConnectError(const google::rpc::Status& status) {
  std::string details;
  for (const auto& detail : status.details()) absl::StrAppend(&details, details.empty() ? "" : ",", DetailJson(detail));
  return absl::StrCat(R"({"code":")", NameOf(status.code()), R"(","message":)", Quoted(status.message()), R"(,"details":[)",
                      details, "]}");
}

std::string ConnectEnd(const google::rpc::Status& status) {
  return status.code() == 0 ? "{}" : absl::StrCat(R"({"error":)", ConnectError(status), "}");
}

int ConnectHttpCode(int grpc_code) {
  switch (static_cast<grpc::StatusCode>(grpc_code)) {
    case grpc::StatusCode::CANCELLED:
      return kClientClosedRequest;
    case grpc::StatusCode::OUT_OF_RANGE:
      return kBadRequest;
    default:
      return HttpCode(grpc_code);
  }
}

std::string GrpcTrailers(const google::rpc::Status& status) {
  std::string trailers = absl::StrCat("grpc-status: ", status.code(), "\r\n");
  if (!status.message().empty()) absl::StrAppend(&trailers, "grpc-message: ", PercentEncoded(status.message()), "\r\n");
  if (status.details_size() > 0) {
    absl::StrAppend(&trailers, "grpc-status-details-bin: ", Base64(status.SerializeAsString()), "\r\n");
  }
  return trailers;
}

}  // namespace demarche::http
