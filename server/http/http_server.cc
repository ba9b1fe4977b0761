#include "server/http/http_server.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/error/error.h"
#include "server/http/body.h"
#include "server/http/json.h"
#include "server/http/origins.h"
#include "server/http/task_queue.h"
#include "server/limits/limits.h"

namespace demarche::http {
namespace {

constexpr char kPrometheusText[] = "text/plain; version=0.0.4; charset=utf-8";
constexpr char kPlainText[] = "text/plain; charset=utf-8";

// The longest path that is looked up: httplib does it with std::regex, which takes half a kilobyte of stack for each byte.
constexpr size_t kMaxPathBytes = 512;

constexpr absl::Duration kLastMessages = absl::Seconds(1);
constexpr absl::Duration kLookInterval = absl::Milliseconds(5);

// What httplib refuses by itself: an unknown path, a body that is too long, a request that it cannot read.
void ExplainRefusal(const httplib::Request& request, httplib::Response& response) {
  if (response.has_header("Content-Type")) return;
  absl::StatusCode code = absl::StatusCode::kInvalidArgument;
  std::string message = "the request cannot be read";
  if (response.status == 404) {
    code = absl::StatusCode::kNotFound;
    message = request.method + " " + request.path + " is not served here: README.md of server/http names all paths";
  } else if (response.status == 413) {
    message = absl::StrCat("body: more than ", limits::kMaxReceiveMessageBytes, " bytes");
  } else if (response.status == 414) {
    message = absl::StrCat("path: more than ", kMaxPathBytes, " bytes");
  } else if (response.status >= 500) {
    code = absl::StatusCode::kInternal;
    message = "the server failed to answer";
  }
  response.set_content(ErrorJson(error::ToRpc(absl::Status(code, message))), "application/json");
}

httplib::Server::HandlerResponse RefuseLongPath(const httplib::Request& request, httplib::Response& response) {
  if (request.path.size() <= kMaxPathBytes) return httplib::Server::HandlerResponse::Unhandled;
  response.status = 414;
  ExplainRefusal(request, response);
  EndConnection(response);
  return httplib::Server::HandlerResponse::Handled;
}

// A request with a body that nothing here takes: httplib would read it into memory, however long it is.
void RefuseBody(const httplib::Request& request, httplib::Response& response, const httplib::ContentReader& reader) {
  const auto body = ReadBody(reader, response);
  if (body.ok()) response.status = 404;
  ExplainRefusal(request, response);
  if (!body.ok()) EndConnection(response);
}

}  // namespace

HttpServer::HttpServer(HttpOptions options) : options_(std::move(options)), slots_(options_.max_streams) {
  const size_t threads = slots_.max() + limits::kHttpRequestThreads;
  server_.new_task_queue = [threads] { return new TaskQueue(threads); };
  server_.set_payload_max_length(limits::kMaxReceiveMessageBytes);
  server_.set_read_timeout(limits::kHttpReadTime);
  server_.set_write_timeout(limits::kHttpWriteTime);
  server_.set_keep_alive_timeout(limits::kHttpIdleTime.count());
  server_.set_tcp_nodelay(true);
  server_.set_error_handler(ExplainRefusal);
  server_.set_pre_routing_handler(RefuseLongPath);
  AddRoutes();
}

HttpServer::~HttpServer() { Stop(); }

void HttpServer::AddRoutes() {
  server_.Get("/healthz", [](const auto&, auto& response) { response.set_content("ok\n", kPlainText); });
  server_.Get("/readyz", [this](const auto&, auto& response) {
    const bool is_ready = options_.is_ready();
    response.status = is_ready ? 200 : 503;
    response.set_content(is_ready ? "ready\n" : "not ready\n", kPlainText);
  });
  server_.Get("/metrics", [this](const auto&, auto& response) { response.set_content(options_.metrics(), kPrometheusText); });
  if (options_.channel != nullptr) {
    gateway_ = std::make_unique<Gateway>(options_.channel, slots_);
    gateway_->AddTo(server_);
    bridge_ = std::make_unique<Bridge>(options_.channel, options_.services, slots_);
    bridge_->AddTo(server_);
  }
  AllowOrigins(options_.allowed_origins, server_);
  constexpr char kAnyPath[] = ".*";
  server_.Post(kAnyPath, RefuseBody).Put(kAnyPath, RefuseBody).Patch(kAnyPath, RefuseBody).Delete(kAnyPath, RefuseBody);
}

absl::StatusOr<std::string> HttpServer::Start(const std::string& listen) {
  const size_t colon = listen.rfind(':');
  int port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(listen.substr(colon + 1), &port) || port < 0 || port > 65535) {
    return absl::InvalidArgumentError("http.listen must be HOST:PORT, got '" + listen + "'");
  }
  const std::string host = listen.substr(0, colon);
  // A second server on the port is an error, not a rival.
  server_.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
  if (port == 0) {
    port = server_.bind_to_any_port(host);
  } else if (!server_.bind_to_port(host, port)) {
    port = -1;
  }
  if (port <= 0) return absl::UnavailableError("cannot listen on " + listen + ": the address is in use or is not this machine's");
  thread_ = std::thread([this] { server_.listen_after_bind(); });
  while (!server_.is_running()) std::this_thread::yield();  // Stop() before that would go unheard
  return absl::StrCat(host, ":", port);
}

void HttpServer::AwaitStreams(absl::Time deadline) const {
  while (stream_count() > 0 && absl::Now() < deadline) absl::SleepFor(kLookInterval);
}

void HttpServer::Stop() {
  if (!thread_.joinable()) return;
  AwaitStreams(absl::Now() + kLastMessages);  // stop() would cut off what streams write at the end of their calls
  server_.stop();
  thread_.join();
}

}  // namespace demarche::http
