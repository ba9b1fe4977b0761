#ifndef DEMARCHE_SERVER_RPC_ADMIN_SERVICE_H_
#define DEMARCHE_SERVER_RPC_ADMIN_SERVICE_H_

#include <functional>
#include <string>

#include "absl/time/time.h"
#include "demarche/v1/admin_service.grpc.pb.h"
#include "pipeline/run/runner.h"

namespace demarche::rpc {

// What the server tells of itself.
struct ServerFacts {
  std::string server_version;
  std::string classifier_version;
  std::string ontology_version;
  absl::Time start_time;
  std::function<uint64_t()> queued_items;  // called from any thread
};

// For operators. Answers from memory, so in gRPC's threads.
class AdminService final : public v1::AdminService::CallbackService {
 public:
  // The runner must outlive the server that this is registered with.
  AdminService(const run::Runner& runner, ServerFacts facts) : runner_(runner), facts_(std::move(facts)) {}

  grpc::ServerUnaryReactor* GetPipelineStatus(grpc::CallbackServerContext* context, const v1::GetPipelineStatusRequest* request,
                                              v1::GetPipelineStatusResponse* response) override;

 private:
  const run::Runner& runner_;
  const ServerFacts facts_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_ADMIN_SERVICE_H_
