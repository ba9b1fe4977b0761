#ifndef DEMARCHE_SERVER_HTTP_RPC_BRIDGE_H_
#define DEMARCHE_SERVER_HTTP_RPC_BRIDGE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "httplib.h"
#include "server/http/call.h"
#include "server/http/rpc/dialect.h"
#include "server/http/stream_slots.h"

namespace demarche::http {

// The gRPC services for Connect and gRPC-Web: each POST to /SERVICE/METHOD becomes the call of that name, message bytes in and out.
// Its handlers run in the server's threads, many at once, and block.
class Bridge {
 public:
  // The channel leads into this process; `services` are names of services whose descriptors are linked in. The slots outlive the
  // bridge.
  Bridge(const std::shared_ptr<grpc::Channel>& channel, std::vector<std::string> services, StreamSlots& slots);

  // Adds the routes; the bridge outlives the server.
  void AddTo(httplib::Server& server);

 private:
  using Method = google::protobuf::MethodDescriptor;

  void Serve(const Method& method, const httplib::Request& request, const httplib::ContentReader& reader,
             httplib::Response& response);
  void ServeUnary(const Method& method, const Dialect& dialect, const httplib::Request& request, const std::string& body,
                  httplib::Response& response);
  void ServeStream(const Method& method, const Dialect& dialect, const httplib::Request& request, const std::string& body,
                   httplib::Response& response);
  absl::StatusOr<std::shared_ptr<Call>> Open(const Method& method, const Dialect& dialect, const httplib::Request& request,
                                             const std::string& body);

  grpc::GenericStub stub_;
  const std::vector<std::string> services_;
  StreamSlots& slots_;
};

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_RPC_BRIDGE_H_
