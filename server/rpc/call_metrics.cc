#include "server/rpc/call_metrics.h"

#include <string>

#include "absl/status/status.h"

namespace demarche::rpc {
namespace {

// Lives as long as the call.
class Counter : public grpc::experimental::Interceptor {
 public:
  Counter(metrics::Metrics& metrics, const char* method) : metrics_(metrics), method_(method[0] == '/' ? method + 1 : method) {}
  ~Counter() override { metrics_.CountCall(method_, absl::StatusCodeToString(static_cast<absl::StatusCode>(code_))); }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(grpc::experimental::InterceptionHookPoints::PRE_SEND_STATUS)) {
      code_ = methods->GetSendStatus().error_code();
    }
    methods->Proceed();
  }

 private:
  metrics::Metrics& metrics_;
  const std::string method_;
  grpc::StatusCode code_ = grpc::StatusCode::CANCELLED;
};

}  // namespace

grpc::experimental::Interceptor* CallMetrics::CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) {
  return new Counter(metrics_, info->method());
}

}  // namespace demarche::rpc
