#ifndef DEMARCHE_SERVER_RPC_ADMIN_SERVICE_H_
#define DEMARCHE_SERVER_RPC_ADMIN_SERVICE_H_

#include <functional>
#include <string>

#include "absl/time/time.h"
#include "demarche/v1/admin_service.grpc.pb.h"
#include "pipeline/run/runner.h"
#include "server/rpc/sessions.h"

namespace demarche::rpc {

// What the server tells of itself.
struct ServerFacts {
  std::string server_version;
  std::string classifier_version;
  std::string ontology_version;
  absl::Time start_time;
  std::function<uint64_t()> queued_items;  // called from any thread
  std::function<void()> drain;             // ends all streams; the same, and must not block
};

// For operators. Answers from memory, so in gRPC's threads.
class AdminService final : public v1::AdminService::CallbackService {
 public:
  // Runner and sessions must outlive the server that this is registered with.
  AdminService(const run::Runner& runner, const Sessions& sessions, ServerFacts facts)
      : runner_(runner), sessions_(sessions), facts_(std::move(facts)) {}

  grpc::ServerUnaryReactor* GetPipelineStatus(grpc::CallbackServerContext* context, const v1::GetPipelineStatusRequest* request,
                                              v1::GetPipelineStatusResponse* response) override;

  grpc::ServerUnaryReactor* ListSessions(grpc::CallbackServerContext* context, const v1::ListSessionsRequest* request,
                                         v1::ListSessionsResponse* response) override;
  grpc::ServerUnaryReactor* Drain(grpc::CallbackServerContext* context, const v1::DrainRequest* request,
                                  v1::DrainResponse* response) override;

 private:
  const run::Runner& runner_;
  const Sessions& sessions_;
  const ServerFacts facts_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_ADMIN_SERVICE_H_
