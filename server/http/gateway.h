#ifndef DEMARCHE_SERVER_HTTP_GATEWAY_H_
#define DEMARCHE_SERVER_HTTP_GATEWAY_H_

#include <memory>

#include "demarche/v1/event_service.grpc.pb.h"
#include "demarche/v1/ingest_service.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "httplib.h"
#include "server/http/stream_slots.h"

namespace demarche::http {

// The JSON requests under /v1, each a call of a service. Its handlers run in the server's threads, many at once, and block.
class Gateway {
 public:
  // The channel leads into this process; the slots outlive the gateway.
  Gateway(const std::shared_ptr<grpc::Channel>& channel, StreamSlots& slots);

  // Adds the routes; the gateway outlives the server.
  void AddTo(httplib::Server& server);

 private:
  void List(const httplib::Request& request, httplib::Response& response);
  void Watch(const httplib::Request& request, httplib::Response& response);
  void Publish(const httplib::Request& request, const httplib::ContentReader& reader, httplib::Response& response);

  grpc::GenericStub stub_;  // for watches
  const std::unique_ptr<v1::EventService::Stub> events_;
  const std::unique_ptr<v1::IngestService::Stub> items_;
  StreamSlots& slots_;
};

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_GATEWAY_H_
