#ifndef DEMARCHE_SERVER_HTTP_HTTP_SERVER_H_
#define DEMARCHE_SERVER_HTTP_HTTP_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "httplib.h"
#include "server/http/gateway.h"

namespace demarche::http {

struct HttpOptions {
  std::shared_ptr<grpc::Channel> channel;  // into this process; null: nothing under /v1 is served
  std::function<std::string()> metrics;    // called from any thread, as is_ready
  std::function<bool()> is_ready;
  size_t max_streams;
};

// The HTTP endpoint, with threads of its own. Used by the main thread.
class HttpServer {
 public:
  explicit HttpServer(HttpOptions options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Listens on HOST:PORT and serves. INVALID_ARGUMENT, UNAVAILABLE when the address cannot be had. Gives the address with the port
  // that was taken.
  absl::StatusOr<std::string> Start(const std::string& listen);
  // Ends when the requests under way are answered; streams end with the gRPC server behind the channel, which is shut down before.
  void Stop();

  size_t stream_count() const { return gateway_ == nullptr ? 0 : gateway_->stream_count(); }

 private:
  void AddRoutes();

  const HttpOptions options_;
  std::unique_ptr<Gateway> gateway_;
  httplib::Server server_;
  std::thread thread_;
};

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_HTTP_SERVER_H_
