#ifndef DEMARCHE_SERVER_APP_OBSERVE_H_
#define DEMARCHE_SERVER_APP_OBSERVE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/run/stage_counter.h"
#include "server/ingest/ingestor.h"
#include "server/ingest/ticket.h"
#include "server/listen/accept_loop.h"
#include "server/log/event_log.h"
#include "server/metrics/metrics.h"
#include "server/rpc/event_service.h"

namespace demarche::app {

// What passed through the stages, in order. Called from any thread.
using StageCounts = std::function<std::vector<run::StageCount>()>;

// What is read when the metrics are asked for.
struct Observed {
  const log::EventLog& log;
  StageCounts stage_counts;
  const ingest::Ingestor& ingestor;
  const rpc::EventService& events;
  const listen::AcceptLoop& accept_loop;
  std::string data_dir;
  std::string classifier_version;
  std::function<std::string()> ontology_version;  // of the pipeline in force; called from any thread
};

// Adds all of it; everything outlives the metrics' last use.
void Observe(const Observed& observed, metrics::Metrics& metrics);

// What an item was answered, as a label: `accepted`, or `item_invalid` and the like.
std::string ResultLabel(const absl::StatusOr<ingest::Published>& answer);

// Room left on the disk of the folder; 0 when it cannot be told.
uint64_t FreeBytes(const std::string& folder);

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_OBSERVE_H_
