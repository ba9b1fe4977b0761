#ifndef DEMARCHE_SERVER_APP_SERVICES_H_
#define DEMARCHE_SERVER_APP_SERVICES_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/server.h"
#include "server/app/pipeline.h"
#include "server/config/config.h"
#include "server/ingest/ingestor.h"
#include "server/log/event_log.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/classifier_service.h"
#include "server/rpc/event_service.h"
#include "server/rpc/health_service.h"
#include "server/rpc/ingest_service.h"
#include "server/rpc/ontology_service.h"
#include "server/rpc/subscription_service.h"
#include "server/subscription/hub.h"
#include "server/threads/executor.h"

namespace demarche::app {

// Everything between an open log and the network: built in the order of the members, taken down in reverse. Pipeline and log
// outlive it. Used by the main thread, but for Fail.
class Services {
 public:
  Services(const Pipeline& pipeline, log::EventLog& log, run::Memory& memory, const config::Config& config);

  // Listens and serves. UNAVAILABLE when the address cannot be had. Gives the address with the port that was taken.
  absl::StatusOr<std::string> Start(const std::string& listen);

  // Health says NOT_SERVING from now on. Any thread.
  void Fail() { health_service_.Fail(); }

  // Takes no more items, answers those that are in (DRAINING when there is no time left to code them), lets every watch know where
  // it stands, and ends what is still open at the deadline.
  void Drain(absl::Duration deadline);

 private:
  threads::Executor readers_;
  threads::Executor coders_;
  subscription::Hub hub_;
  ingest::Ingestor ingestor_;
  rpc::IngestService ingest_service_;
  rpc::EventService event_service_;
  rpc::ClassifierService classifier_service_;
  rpc::OntologyService ontology_service_;
  rpc::AdminService admin_service_;
  rpc::SubscriptionService subscription_service_;
  rpc::HealthService health_service_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_SERVICES_H_
