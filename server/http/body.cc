#include "server/http/body.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/error/error.h"
#include "server/limits/limits.h"

namespace demarche::http {
namespace {

constexpr int kTooLong = 413;
constexpr int kUnreadable = 400;

}  // namespace

absl::StatusOr<std::string> ReadBody(const httplib::ContentReader& reader, httplib::Response& response) {
  constexpr size_t kMaxBytes = limits::kMaxReceiveMessageBytes;
  std::string body;
  bool is_too_long = false;
  const bool is_whole = reader([&](const char* data, size_t size) {
    is_too_long = size > kMaxBytes - body.size();
    if (!is_too_long) body.append(data, size);
    return !is_too_long;
  });
  if (is_whole) return body;
  is_too_long = is_too_long || response.status == kTooLong;  // httplib's word about Content-Length
  response.status = is_too_long ? kTooLong : kUnreadable;
  return error::BadField(
      v1::ERROR_REASON_REQUEST_INVALID, "body",
      is_too_long ? absl::StrCat("more than ", kMaxBytes, " bytes") : "broke off, or is not packed as Content-Encoding says");
}

void EndConnection(httplib::Response& response) {
  const std::string type = response.get_header_value("Content-Type");
  response.headers.erase("Content-Type");
  response.set_header("Connection", "close");
  const auto body = std::make_shared<const std::string>(std::exchange(response.body, ""));
  // A provider that says that it failed ends the connection, whatever it has written.
  response.set_content_provider(body->size(), type, [body](size_t offset, size_t length, httplib::DataSink& sink) {
    sink.write(body->data() + offset, length);
    return false;
  });
}

}  // namespace demarche::http
