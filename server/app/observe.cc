#include "server/app/observe.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "server/app/version.h"
#include "server/error/error.h"

namespace demarche::app {
namespace {

double OpenDescriptors() {
  DIR* directory = opendir("/proc/self/fd");
  if (directory == nullptr) return 0;
  int count = -3;  // itself, and the two dots
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count;
}

double MaxDescriptors() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  int64_t all = 0;
  int64_t resident = 0;
  file >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void ObserveProcess(metrics::Sources& sources, double start_seconds) {
  sources.AddGauge("process_open_fds", "Open descriptors.", OpenDescriptors);
  sources.AddGauge("process_max_fds", "Descriptors that may be open.", MaxDescriptors);
  sources.AddGauge("process_resident_memory_bytes", "Memory in use.", ResidentBytes);
  sources.AddCounter("process_cpu_seconds_total", "Processor time used.", CpuSeconds);
  sources.AddGauge("process_start_time_seconds", "When the server was started, in seconds since 1970.",
                   [start_seconds] { return start_seconds; });
}

void ObserveLog(const log::EventLog& log, const std::string& data_dir, metrics::Sources& sources) {
  const auto number = [&log](uint64_t log::LogInfo::*member) {
    return [&log, member] { return static_cast<double>(log.info().*member); };
  };
  sources.AddGauge("demarche_log_first_position", "Position just before the first record kept.",
                   number(&log::LogInfo::first_position));
  sources.AddGauge("demarche_log_last_position", "Position of the last record.", number(&log::LogInfo::last_position));
  sources.AddGauge("demarche_log_bytes", "Bytes of the records and texts kept.", number(&log::LogInfo::byte_count));
  sources.AddCounter("demarche_log_items_total", "Items stored since the log began.", number(&log::LogInfo::item_count));
  sources.AddCounter("demarche_log_events_total", "Event revisions stored since the log began.",
                     number(&log::LogInfo::event_count));
  sources.AddGauge("demarche_log_free_bytes", "Room left on the disk of the log.",
                   [data_dir] { return static_cast<double>(FreeBytes(data_dir)); });
}

void ObservePipeline(const StageCounts& stage_counts, metrics::Sources& sources) {
  const auto counts = [&stage_counts](auto value_of) {
    return [stage_counts, value_of] {
      std::vector<metrics::Sources::Value> values;
      for (const run::StageCount& count : stage_counts()) values.push_back({{{"stage", count.stage}}, value_of(count)});
      return values;
    };
  };
  sources.AddCounter("demarche_stage_seconds_total", "Time each stage of the pipeline took.",
                     counts([](const run::StageCount& count) { return static_cast<double>(count.nanoseconds) * 1e-9; }));
  sources.AddCounter("demarche_stage_items_total", "Items each stage has seen.",
                     counts([](const run::StageCount& count) { return static_cast<double>(count.items); }));
}

void ObserveWatches(const rpc::EventService& events, metrics::Sources& sources) {
  sources.AddGauge("demarche_watches", "Watches open.", [&events] { return static_cast<double>(events.watch_count()); });
  sources.AddGauge("demarche_watch_lag_positions", "Positions that the slowest watch is behind the end of the log.",
                   [&events] { return static_cast<double>(events.max_lag()); });
  sources.AddGauge("demarche_watch_buffered_bytes", "Bytes in incomplete writes of all streams.",
                   [&events] { return static_cast<double>(events.budget().bytes()); });
  sources.AddCounter("demarche_watch_cuts_total", "Streams ended for reading too slowly.",
                     [&events] { return static_cast<double>(events.budget().cut_count()); });
}

void ObserveConnections(const listen::AcceptLoop& accept_loop, metrics::Sources& sources) {
  sources.AddGauge("demarche_connections", "Connections of the gRPC endpoint that are open.",
                   [&accept_loop] { return static_cast<double>(accept_loop.open_count()); });
  sources.AddGauge("demarche_unread_bytes", "Bytes that clients of the gRPC endpoint sent and no call has read, about.",
                   [&accept_loop] { return static_cast<double>(accept_loop.unread_bytes()); });
  sources.AddCounter("demarche_accepted_connections_total", "Connections of the gRPC endpoint that were taken.",
                     [&accept_loop] { return static_cast<double>(accept_loop.accepted_count()); });
  sources.AddCounter(
      "demarche_refused_connections_total",
      "Connections closed by reason: at once as too many in all, of one address, or for the descriptors; later as the one with the "
      "most unread.",
      [&accept_loop] {
        std::vector<metrics::Sources::Value> values;
        for (const listen::Refusal refusal : listen::kRefusals) {
          values.push_back({{{"reason", listen::RefusalName(refusal)}}, static_cast<double>(accept_loop.refused_count(refusal))});
        }
        return values;
      });
}

}  // namespace

uint64_t FreeBytes(const std::string& folder) {
  std::error_code error;
  const auto space = std::filesystem::space(folder, error);
  return error ? 0 : space.available;
}

void Observe(const Observed& observed, metrics::Metrics& metrics) {
  metrics::Sources& sources = metrics.sources();
  ObserveProcess(sources, absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
  ObserveLog(observed.log, observed.data_dir, sources);
  ObservePipeline(observed.stage_counts, sources);
  ObserveWatches(observed.events, sources);
  ObserveConnections(observed.accept_loop, sources);
  sources.AddGauge("demarche_ingest_queued_items", "Items admitted and not yet answered.",
                   [&ingestor = observed.ingestor] { return static_cast<double>(ingestor.queued_items()); });
  sources.AddGauge("demarche_build_info", "Always 1; the labels say what runs.",
                   [classifier_version = observed.classifier_version, ontology_version = observed.ontology_version] {
                     const metrics::Sources::Labels build{{"version", kVersion},
                                                          {"classifier_version", classifier_version},
                                                          {"ontology_version", ontology_version()}};
                     return std::vector<metrics::Sources::Value>{{build, 1}};
                   });
}

std::string ResultLabel(const absl::StatusOr<ingest::Published>& answer) {
  if (answer.ok()) return absl::AsciiStrToLower(absl::StripPrefix(v1::PublishOutcome_Name(answer->outcome), "PUBLISH_OUTCOME_"));
  const v1::ErrorReason reason = error::ReasonOf(error::WithReason(answer.status()));
  if (reason == v1::ERROR_REASON_UNSPECIFIED) return "failed";
  return absl::AsciiStrToLower(error::ReasonName(reason));
}

}  // namespace demarche::app
