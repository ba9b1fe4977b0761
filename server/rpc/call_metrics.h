#ifndef DEMARCHE_SERVER_RPC_CALL_METRICS_H_
#define DEMARCHE_SERVER_RPC_CALL_METRICS_H_

#include "grpcpp/support/server_interceptor.h"
#include "server/metrics/metrics.h"

namespace demarche::rpc {

// Counts each call of a known method when it has ended, by the status it was given; one that ended without, for its client had
// gone, counts as CANCELLED. The metrics outlive the server.
class CallMetrics : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallMetrics(metrics::Metrics& metrics) : metrics_(metrics) {}
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override;

 private:
  metrics::Metrics& metrics_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_CALL_METRICS_H_
