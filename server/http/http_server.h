#ifndef DEMARCHE_SERVER_HTTP_HTTP_SERVER_H_
#define DEMARCHE_SERVER_HTTP_HTTP_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "httplib.h"
#include "server/http/gateway.h"
#include "server/http/rpc/bridge.h"
#include "server/http/stream_slots.h"

namespace demarche::http {

struct HttpOptions {
  std::shared_ptr<grpc::Channel> channel;  // into this process; null: only metrics and health are served
  std::vector<std::string> services;       // those behind the channel that Connect and gRPC-Web reach
  std::function<std::string()> metrics;    // called from any thread, as is_ready
  std::function<bool()> is_ready;
  size_t max_streams;
  std::vector<std::string> allowed_origins{};
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
  // Until no stream is open, or the deadline. A gRPC server that shuts down cuts off at once what comes through a channel inside
  // the process: so after its services have ended their streams, and before that.
  void AwaitStreams(absl::Time deadline) const;
  // Ends when the requests under way are answered; what is open still ends with the gRPC server, which is shut down before.
  void Stop();

  size_t stream_count() const { return slots_.taken(); }

 private:
  void AddRoutes();

  const HttpOptions options_;
  StreamSlots slots_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<Bridge> bridge_;
  httplib::Server server_;
  std::thread thread_;
};

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_HTTP_SERVER_H_
