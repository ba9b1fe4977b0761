#ifndef DEMARCHE_SERVER_APP_SERVICES_H_
#define DEMARCHE_SERVER_APP_SERVICES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/app/pipeline.h"
#include "server/auth/authenticator.h"
#include "server/auth/quota.h"
#include "server/config/config.h"
#include "server/http/http_server.h"
#include "server/ingest/ingestor.h"
#include "server/listen/accept_loop.h"
#include "server/log/event_log.h"
#include "server/metrics/metrics.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/classifier_service.h"
#include "server/rpc/event_service.h"
#include "server/rpc/guard.h"
#include "server/rpc/health_service.h"
#include "server/rpc/ingest_service.h"
#include "server/rpc/ontology_service.h"
#include "server/rpc/sessions.h"
#include "server/rpc/subscription_service.h"
#include "server/subscription/hub.h"
#include "server/threads/executor.h"
#include "server/tracing/tracer.h"

namespace demarche::app {

// Everything between an open log and the network: built in the order of the members, taken down in reverse. Pipeline, log,
// authenticator, tracer and metrics outlive it. Used by the main thread, but for Fail.
class Services {
 public:
  Services(const Pipeline& pipeline, log::EventLog& log, run::Memory& memory, const config::Config& config,
           auth::Authenticator& authenticator, tracing::Tracer& tracer, metrics::Metrics& metrics);

  // Listens and serves. UNAVAILABLE when the address cannot be had, FAILED_PRECONDITION when a purge that was cut short cannot be
  // finished, DATA_LOSS when the state of the subscriptions is damaged. Gives the address with the port that was taken.
  absl::StatusOr<std::string> Start(const std::string& listen, const std::shared_ptr<grpc::ServerCredentials>& credentials);
  // The same for the HTTP endpoint; after Start.
  absl::StatusOr<std::string> StartHttp(const config::Config& config, std::vector<std::string> allowed_origins);

  // Records that end after it are needed. After Start, any thread.
  uint64_t keep_after() const { return subscription_service_->keep_after(); }

  // Health says NOT_SERVING from now on. Any thread.
  void Fail() { health_service_.Fail(); }

  // Takes no more items, answers those that are in (DRAINING when there is no time left to code them), lets every watch know where
  // it stands, and ends what is still open at the deadline.
  void Drain(absl::Duration deadline);

 private:
  void AddGuarded(grpc::ServerBuilder& builder);
  // Adds what takes connections of the accept loop, and everything else that serves them.
  void Build(const std::shared_ptr<grpc::ServerCredentials>& credentials);
  // What AdminService.Drain asks for.
  void EndStreams();

  log::EventLog& log_;
  const int max_streams_per_connection_;
  auth::Authenticator& authenticator_;
  metrics::Metrics& metrics_;
  auth::Quotas quotas_;
  rpc::Sessions sessions_;
  rpc::Guard guard_;
  threads::Executor readers_;
  threads::Executor coders_;
  const std::shared_ptr<rpc::WriteBudget> write_budget_;
  subscription::Hub hub_;
  ingest::Ingestor ingestor_;
  rpc::IngestService ingest_service_;
  std::unique_ptr<rpc::SubscriptionService> subscription_service_;  // from Start on
  rpc::EventService event_service_;
  rpc::ClassifierService classifier_service_;
  rpc::OntologyService ontology_service_;
  rpc::AdminService admin_service_;
  rpc::HealthService health_service_;
  std::vector<std::unique_ptr<rpc::GuardedService>> guarded_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
  listen::AcceptLoop accept_loop_;  // stops before the server does: a stopped one would leak what it is given
  std::unique_ptr<http::HttpServer> http_server_;
};

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_SERVICES_H_
