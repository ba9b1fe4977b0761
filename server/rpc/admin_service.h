#ifndef DEMARCHE_SERVER_RPC_ADMIN_SERVICE_H_
#define DEMARCHE_SERVER_RPC_ADMIN_SERVICE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "demarche/v1/admin_service.grpc.pb.h"
#include "pipeline/run/stage_counter.h"
#include "server/rpc/sessions.h"

namespace demarche::rpc {

// How the log's disk stands, in bytes.
struct Storage {
  uint64_t free_bytes = 0;
  uint64_t reserve_bytes = 0;  // below it nothing is stored
  uint64_t log_bytes = 0;      // of what is kept
};

// What the server tells of itself.
struct ServerFacts {
  std::string server_version;
  std::string classifier_version;
  std::function<std::string()> ontology_version;  // of the pipeline in force; called from any thread
  absl::Time start_time;
  std::function<std::vector<run::StageCount>()> stage_counts;  // in order; called from any thread
  std::function<uint64_t()> queued_items;                      // the same
  std::function<Storage()> storage;                            // the same
  std::function<uint64_t()> watch_lag;                         // of the slowest watch, in positions; the same
  std::function<void()> drain;                                 // ends all streams; the same, and must not block
};

// For operators. Answers from memory, and asks the file system at most for its free space, so in gRPC's threads.
class AdminService final : public v1::AdminService::CallbackService {
 public:
  // The sessions must outlive the server that this is registered with.
  AdminService(const Sessions& sessions, ServerFacts facts) : sessions_(sessions), facts_(std::move(facts)) {}

  grpc::ServerUnaryReactor* GetPipelineStatus(grpc::CallbackServerContext* context, const v1::GetPipelineStatusRequest* request,
                                              v1::GetPipelineStatusResponse* response) override;

  grpc::ServerUnaryReactor* ListSessions(grpc::CallbackServerContext* context, const v1::ListSessionsRequest* request,
                                         v1::ListSessionsResponse* response) override;
  grpc::ServerUnaryReactor* Drain(grpc::CallbackServerContext* context, const v1::DrainRequest* request,
                                  v1::DrainResponse* response) override;

 private:
  const Sessions& sessions_;
  const ServerFacts facts_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_ADMIN_SERVICE_H_
