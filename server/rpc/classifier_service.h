#ifndef DEMARCHE_SERVER_RPC_CLASSIFIER_SERVICE_H_
#define DEMARCHE_SERVER_RPC_CLASSIFIER_SERVICE_H_

#include "demarche/v1/classifier_service.grpc.pb.h"
#include "pipeline/run/runner.h"
#include "server/threads/executor.h"

namespace demarche::rpc {

// Codes an item for a caller and stores nothing. Coding runs in the executor, never in gRPC's threads; when too many wait the
// caller is told to retry.
class ClassifierService final : public v1::ClassifierService::CallbackService {
 public:
  // Both must outlive the server that this is registered with.
  ClassifierService(const run::Runner& runner, threads::Executor& executor) : runner_(runner), executor_(executor) {}

  grpc::ServerUnaryReactor* ClassifyNewsItem(grpc::CallbackServerContext* context, const v1::ClassifyNewsItemRequest* request,
                                             v1::ClassifyNewsItemResponse* response) override;

 private:
  absl::Status Classify(const v1::ClassifyNewsItemRequest& request, v1::ClassifyNewsItemResponse& response) const;

  const run::Runner& runner_;
  threads::Executor& executor_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_CLASSIFIER_SERVICE_H_
