#include "server/http/rpc/dialect.h"

#include <array>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/message.h"
#include "server/error/error.h"
#include "server/http/headers.h"
#include "server/http/json.h"
#include "server/http/rpc/envelope.h"
#include "server/http/rpc/error_text.h"

namespace demarche::http {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

constexpr std::array kDialects = {
    Dialect{"application/json", Protocol::kConnectUnary, true},
    Dialect{"application/proto", Protocol::kConnectUnary},
    Dialect{"application/connect+json", Protocol::kConnectStream, true},
    Dialect{"application/connect+proto", Protocol::kConnectStream},
    Dialect{"application/grpc-web", Protocol::kGrpcWeb},
    Dialect{"application/grpc-web+proto", Protocol::kGrpcWeb},
    Dialect{"application/grpc-web+json", Protocol::kGrpcWeb, true},
    Dialect{"application/grpc-web-text", Protocol::kGrpcWeb, false, true},
    Dialect{"application/grpc-web-text+proto", Protocol::kGrpcWeb, false, true},
};

// As the two protocols bound it.
constexpr size_t kMaxConnectDigits = 10;
constexpr size_t kMaxGrpcDigits = 8;

absl::Status Invalid(const std::string& field, const std::string& description) {
  return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, field, description);
}

std::unique_ptr<Message> New(const Descriptor& type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

std::optional<absl::Duration> UnitOf(char letter) {
  switch (letter) {
    case 'H':
      return absl::Hours(1);
    case 'M':
      return absl::Minutes(1);
    case 'S':
      return absl::Seconds(1);
    case 'm':
      return absl::Milliseconds(1);
    case 'u':
      return absl::Microseconds(1);
    case 'n':
      return absl::Nanoseconds(1);
    default:
      return std::nullopt;
  }
}

// A number of digits only.
std::optional<int64_t> NumberOf(const std::string& text, size_t max_digits) {
  int64_t number = 0;
  const bool is_number = !text.empty() && text.size() <= max_digits && text.find_first_not_of("0123456789") == std::string::npos &&
                         absl::SimpleAtoi(text, &number);
  return is_number ? std::optional(number) : std::nullopt;
}

}  // namespace

const Dialect* DialectOf(const std::string& content_type) {
  const std::string name = absl::AsciiStrToLower(
      std::string(absl::StripAsciiWhitespace(absl::string_view(content_type).substr(0, content_type.find(';')))));
  for (const Dialect& dialect : kDialects) {
    if (name == dialect.content_type) return &dialect;
  }
  return nullptr;
}

std::string ContentTypes() {
  std::string all;
  for (const Dialect& dialect : kDialects) absl::StrAppend(&all, all.empty() ? "" : ", ", dialect.content_type);
  return all;
}

absl::StatusOr<std::optional<absl::Duration>> TimeoutOf(const httplib::Request& request, const Dialect& dialect) {
  const bool is_grpc = dialect.protocol == Protocol::kGrpcWeb;
  const char* header = is_grpc ? "grpc-timeout" : "Connect-Timeout-Ms";
  if (!request.has_header(header)) return std::nullopt;
  const std::string value = request.get_header_value(header);
  auto unit = std::optional<absl::Duration>(absl::Milliseconds(1));
  auto number = NumberOf(value, kMaxConnectDigits);
  if (is_grpc && !value.empty()) {
    unit = UnitOf(value.back());
    number = NumberOf(value.substr(0, value.size() - 1), kMaxGrpcDigits);
  }
  if (number.has_value() && unit.has_value()) return *number * *unit;
  return Invalid(header,
                 absl::StrCat(is_grpc ? "not 1 to 8 digits and one of H, M, S, m, u, n: '" : "not 1 to 10 digits: '", value, "'"));
}

absl::StatusOr<std::string> MessageOf(const std::string& body, const Dialect& dialect, const Descriptor& type) {
  std::string message = body;
  if (dialect.is_base64 && !absl::Base64Unescape(body, &message)) return Invalid("body", "not base64");
  if (dialect.protocol != Protocol::kConnectUnary) {
    auto opened = OpenEnvelope(message);
    if (!opened.ok()) return opened.status();
    message = *std::move(opened);
  }
  if (!dialect.is_json) return message;
  const auto parsed = New(type);
  if (absl::Status status = ParseJson(message, *parsed); !status.ok()) return status;
  return parsed->SerializeAsString();
}

absl::StatusOr<std::string> Written(const std::string& message, const Dialect& dialect, const Descriptor& type) {
  std::string text = message;
  if (dialect.is_json) {
    const auto parsed = New(type);
    if (!parsed->ParseFromString(message)) return absl::InternalError("not a " + type.full_name());
    text = ToJson(*parsed);
  }
  if (dialect.protocol == Protocol::kConnectUnary) return text;
  text = InEnvelope(text, kMessageFlags);
  return dialect.is_base64 ? absl::Base64Escape(text) : text;
}

std::string WrittenEnd(const google::rpc::Status& status, const Dialect& dialect) {
  if (dialect.protocol == Protocol::kConnectStream) return InEnvelope(ConnectEnd(status), kConnectEndFlags);
  const std::string end = InEnvelope(GrpcTrailers(status), kGrpcTrailerFlags);
  return dialect.is_base64 ? absl::Base64Escape(end) : end;
}

void WriteError(const google::rpc::Status& status, const Dialect& dialect, httplib::Response& response) {
  const bool is_unary = dialect.protocol == Protocol::kConnectUnary;
  response.status = is_unary ? ConnectHttpCode(status.code()) : 200;  // else the end of the body has the error
  AddErrorHeaders(status, response);
  if (!is_unary) return response.set_content(WrittenEnd(status, dialect), dialect.content_type);
  response.set_content(ConnectError(status), "application/json");
}

}  // namespace demarche::http
