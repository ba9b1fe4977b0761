#ifndef DEMARCHE_SERVER_HTTP_GATEWAY_H_
#define DEMARCHE_SERVER_HTTP_GATEWAY_H_

#include <atomic>
#include <cstddef>
#include <memory>

#include "demarche/v1/event_service.grpc.pb.h"
#include "demarche/v1/ingest_service.grpc.pb.h"
#include "grpcpp/channel.h"
#include "httplib.h"

namespace demarche::http {

// The JSON requests under /v1, each a call of a service. Its handlers run in the server's threads, many at once, and block.
class Gateway {
 public:
  // The channel leads into this process.
  Gateway(const std::shared_ptr<grpc::Channel>& channel, size_t max_streams);

  // Adds the routes; the gateway outlives the server.
  void AddTo(httplib::Server& server);

  size_t stream_count() const { return streams_.load(); }

 private:
  void List(const httplib::Request& request, httplib::Response& response);
  void Watch(const httplib::Request& request, httplib::Response& response);
  void Publish(const httplib::Request& request, httplib::Response& response);

  const std::unique_ptr<v1::EventService::Stub> events_;
  const std::unique_ptr<v1::IngestService::Stub> items_;
  const size_t max_streams_;
  std::atomic<size_t> streams_{0};
};

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_GATEWAY_H_
