#ifndef DEMARCHE_SERVER_RPC_HEALTH_SERVICE_H_
#define DEMARCHE_SERVER_RPC_HEALTH_SERVICE_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace demarche::rpc {

// The standard health service, ours so that reflection shows it (gRPC's own is invisible to it). One state for the whole server
// and all its services. Any thread may call.
class HealthService final : public grpc::health::v1::Health::CallbackService {
 public:
  // The full names of the services that may be asked about, besides "" for all.
  explicit HealthService(std::vector<std::string> services) : services_(services.begin(), services.end()) {}

  // Changes the state and tells the watches.
  void SetServing(bool serving);
  // Not serving from now on, whatever is set later.
  void Fail();
  // Whether the state is SERVING.
  bool is_serving() const;
  // Ends all watches; new ones end at once. Before the server shuts down.
  void EndWatches();

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context, const grpc::health::v1::HealthCheckRequest* request,
                                  grpc::health::v1::HealthCheckResponse* response) override;
  grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* Watch(
      grpc::CallbackServerContext* context, const grpc::health::v1::HealthCheckRequest* request) override;

 private:
  using Status = grpc::health::v1::HealthCheckResponse::ServingStatus;
  class WatchReactor;

  void Set(Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Ends a watch that has no write under way.
  void Leave(WatchReactor& watch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Knows(const std::string& service) const { return service.empty() || services_.contains(service); }

  const absl::flat_hash_set<std::string> services_;
  mutable absl::Mutex mutex_;
  Status status_ ABSL_GUARDED_BY(mutex_) = grpc::health::v1::HealthCheckResponse::NOT_SERVING;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<WatchReactor*> watches_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_HEALTH_SERVICE_H_
