#include "server/tracing/http_sender.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "httplib.h"
#include "server/limits/limits.h"

namespace demarche::tracing {
namespace {

constexpr char kTracesPath[] = "/v1/traces";

// Of what a collector answers nothing but the code counts; the rest is read, for the next request to follow on the connection.
constexpr size_t kMaxAnswerBytes = 64 * limits::kKiB;

// As OTLP/HTTP says: those after which the same spans may be sent again.
bool IsWorthAnotherTry(int code) { return code == 429 || code == 502 || code == 503 || code == 504; }

class HttpSender : public Sender {
 public:
  explicit HttpSender(const Endpoint& endpoint) : client_(endpoint.host, endpoint.port) {
    client_.set_keep_alive(true);
    client_.set_tcp_nodelay(true);
    client_.set_connection_timeout(limits::kCollectorConnectTime);
    client_.set_write_timeout(limits::kCollectorAnswerTime);
    client_.set_read_timeout(limits::kCollectorAnswerTime);
    request_.method = "POST";
    request_.path = endpoint.path;
    request_.set_header("Host", endpoint.authority);
    request_.set_header("Content-Type", "application/json");
  }

  Outcome Send(const std::string& body) override {
    int code = 0;
    size_t answer_bytes = 0;
    httplib::Request request = request_;
    request.body = body;
    request.response_handler = [&code](const httplib::Response& response) {
      code = response.status;
      return true;
    };
    request.content_receiver = [&answer_bytes](const char*, size_t size, uint64_t, uint64_t) {
      answer_bytes += size;
      return answer_bytes <= kMaxAnswerBytes;
    };
    httplib::Response response;
    httplib::Error error = httplib::Error::Success;
    client_.send(request, response, error);
    if (code >= 200 && code < 300) return Outcome::kTaken;
    return code == 0 || IsWorthAnotherTry(code) ? Outcome::kTryAgain : Outcome::kRefused;
  }

  void Abort() override { client_.stop(); }

 private:
  httplib::Client client_;
  httplib::Request request_;
};

constexpr int kHttpPort = 80;

// 0 when it is none.
int PortOf(absl::string_view text) {
  int port = 0;
  const bool is_port =
      absl::SimpleAtoi(text, &port) && port > 0 && port < (1 << 16) && absl::ascii_isdigit(static_cast<unsigned char>(text[0]));
  return is_port ? port : 0;
}

// HOST, HOST:PORT, or the same with an IPv6 address in brackets. False when it is none of these.
bool ReadAuthority(absl::string_view text, Endpoint& endpoint) {
  const size_t bracket = text.rfind(']');
  const size_t colon = text.rfind(':');
  const bool has_port = colon != absl::string_view::npos && (bracket == absl::string_view::npos || colon > bracket);
  absl::string_view host = has_port ? text.substr(0, colon) : text;
  endpoint.authority = std::string(text);
  endpoint.port = has_port ? PortOf(text.substr(colon + 1)) : kHttpPort;
  if (absl::ConsumePrefix(&host, "[") != absl::ConsumeSuffix(&host, "]")) return false;
  const bool is_bracketed = bracket != absl::string_view::npos;
  endpoint.host = std::string(host);
  return endpoint.port > 0 && !host.empty() && host.find_first_of("@?# \t[]") == absl::string_view::npos &&
         (is_bracketed || host.find(':') == absl::string_view::npos);
}

}  // namespace

absl::StatusOr<Endpoint> ParseEndpoint(const std::string& url) {
  absl::string_view rest = url;
  const bool is_http = absl::ConsumePrefix(&rest, "http://");
  const size_t slash = std::min(rest.find('/'), rest.size());
  const absl::string_view authority = rest.substr(0, slash);
  const absl::string_view path = absl::StripSuffix(rest.substr(slash), "/");
  Endpoint endpoint;
  if (!is_http || !ReadAuthority(authority, endpoint) || path.find_first_of("?# \t") != absl::string_view::npos) {
    return absl::InvalidArgumentError("tracing.otlp_endpoint must be http://HOST:PORT of a collector, or 'none', got '" + url +
                                      "'");
  }
  endpoint.path = absl::StrCat(path, kTracesPath);
  return endpoint;
}

std::unique_ptr<Sender> NewHttpSender(const Endpoint& endpoint) { return std::make_unique<HttpSender>(endpoint); }

}  // namespace demarche::tracing
