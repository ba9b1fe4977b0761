#include "server/app/serve.h"

#include <pthread.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "pipeline/run/memory.h"
#include "server/app/credentials.h"
#include "server/app/exit_code.h"
#include "server/app/pipeline.h"
#include "server/app/services.h"
#include "server/app/tracing.h"
#include "server/app/version.h"
#include "server/http/origins.h"
#include "server/log/retainer.h"
#include "server/log/rocksdb_log.h"
#include "spdlog/spdlog.h"

namespace demarche::app {
namespace {

// Blocks the signals that end the server or have it read its overlays again, so that the main thread can wait for them and no other
// thread gets them.
sigset_t TakeSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a write beyond what is allowed fails
  return signals;
}

// Connections may have half of them: takes all that the system allows.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  spdlog::debug("descriptors: {}", limit.rlim_cur);
}

// Drains no longer when the signal comes again: what was acknowledged is on the disk already.
void EndAtNextSignal(sigset_t signals) {
  sigdelset(&signals, SIGHUP);
  std::thread([signals] {
    int signal_number = 0;
    sigwait(&signals, &signal_number);
    spdlog::warn("signal {} again: stopping at once", signal_number);
    std::_Exit(kFailed);
  }).detach();
}

// Gives the signal that ends the server. Meanwhile SIGHUP reloads, and every minute it is said what there is to be reminded of.
int WaitForSignal(const sigset_t& signals, const std::string& reminder, const std::function<void()>& reload) {
  const timespec minute{60, 0};
  while (true) {
    if (!reminder.empty()) spdlog::warn("{}", reminder);
    int signal_number = 0;
    while ((signal_number = sigtimedwait(&signals, nullptr, &minute)) == SIGHUP) reload();
    if (signal_number > 0) return signal_number;
  }
}

// While it works the old pipeline goes on coding.
void Reload(Pipeline& pipeline, metrics::Metrics& metrics) {
  const absl::Status status = pipeline.Reload();
  metrics.CountReload(status.ok());
  if (status.ok()) {
    spdlog::info("overlays read again, ontology {}", pipeline.ontology_version());
  } else {
    spdlog::error("overlays not read again, those before stay in force: {}", std::string(status.message()));
  }
}

// Secrets that are in memory are not to be found on the disk.
void ForbidCoreDumps() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

int Refuse(const absl::Status& status, int code) {
  spdlog::error("{}", std::string(status.message()));
  return code;
}

absl::StatusOr<std::unique_ptr<log::RocksDbLog>> OpenLog(const config::Config& config, metrics::Metrics& metrics) {
  log::RocksDbLog::Options options;
  options.directory = config.data_dir;
  if (config.sync == "interval") {
    options.sync_interval = std::chrono::milliseconds(config.sync_interval_ms);
    spdlog::warn(
        "log.sync is 'interval': a power cut may lose what was answered in the last {} ms, and an end other than by a signal "
        "begins a new epoch",
        config.sync_interval_ms);
  }
  options.min_free_bytes = static_cast<uint64_t>(config.min_free_bytes);
  options.on_commit = [&metrics](double seconds) { metrics.ObserveCommit(seconds); };
  return log::RocksDbLog::Open(options);
}

log::Retainer::Options RetainerOptionsOf(const config::Config& config) {
  log::Retainer::Options options;
  options.bounds.max_age = std::chrono::hours(config.retention_hours);
  options.bounds.max_bytes = static_cast<uint64_t>(config.retention_bytes);
  options.bounds.max_item_age = std::chrono::hours(config.item_retention_hours);
  options.on_error = [](const absl::Status& status) { spdlog::error("retention: {}", std::string(status.message())); };
  return options;
}

run::MemoryOptions MemoryOptionsOf(const config::Config& config) {
  run::MemoryOptions options;
  options.copies.max_items = static_cast<size_t>(config.copies_items);
  options.copies.max_seconds = config.copies_hours * 3600;
  options.max_events = static_cast<size_t>(config.stories_events);
  return options;
}

void WarnOfWhatIsForgotten(const log::LogInfo& info, const run::Memory& memory) {
  if (info.item_count == 0 || memory.known_items() > 0) return;
  spdlog::warn(
      "nothing is known of the {} items stored so far: they are from before copies and reports were compared, or were lost; copies "
      "of them are taken for news, and more reports of their events for new events",
      info.item_count);
}

}  // namespace

int Serve(const config::Loaded& loaded) {
  const sigset_t signals = TakeSignals();
  RaiseDescriptorLimit();
  ForbidCoreDumps();
  for (const std::string& warning : loaded.warnings) spdlog::warn("{}", warning);
  if (absl::Status status = CheckExposure(loaded.config); !status.ok()) return Refuse(status, kUsage);
  const auto credentials = MakeCredentials(loaded.config);
  if (!credentials.ok()) return Refuse(credentials.status(), kUsage);
  const auto authenticator = MakeAuthenticator(loaded.config);
  if (!authenticator.ok()) return Refuse(authenticator.status(), kUsage);
  const auto allowed_origins = http::ParseOrigins(loaded.config.http_allowed_origins);
  if (!allowed_origins.ok()) return Refuse(allowed_origins.status(), kUsage);
  const auto pipeline = Pipeline::Make(loaded.config.overlays, loaded.config.syntax);
  if (!pipeline.ok()) return Refuse(pipeline.status(), kUsage);
  metrics::Metrics metrics;
  const auto tracing = Tracing::Make(loaded.config, metrics);
  if (!tracing.ok()) return Refuse(tracing.status(), kUsage);
  const auto event_log = OpenLog(loaded.config, metrics);
  if (!event_log.ok()) {
    return Refuse(event_log.status(), event_log.status().code() == absl::StatusCode::kDataLoss ? kLogDamaged : kCannotUseData);
  }
  const auto memory = run::Memory::Open(**event_log, MemoryOptionsOf(loaded.config));
  if (!memory.ok()) return Refuse(memory.status(), kLogDamaged);
  Services services(**pipeline, **event_log, **memory, loaded.config, **authenticator, (*tracing)->tracer(), metrics);
  (*event_log)->OnStopped([&services](const absl::Status& status) {
    spdlog::error("{}; nothing more is taken in, and health says NOT_SERVING", std::string(status.message()));
    services.Fail();
  });
  const auto address = services.Start(loaded.config.listen, *credentials);
  if (absl::IsDataLoss(address.status())) return Refuse(address.status(), kLogDamaged);
  if (absl::IsFailedPrecondition(address.status())) return Refuse(address.status(), kCannotUseData);
  if (!address.ok()) return Refuse(address.status(), kCannotListen);
  const log::LogInfo info = (*event_log)->info();
  WarnOfWhatIsForgotten(info, **memory);
  spdlog::info("demarched {} serving on {}, data in {}: {} items, {} events", kVersion, *address, loaded.config.data_dir,
               info.item_count, info.event_count);

  if (loaded.config.http_listen != "off") {
    const auto http_address = services.StartHttp(loaded.config, *allowed_origins);
    if (!http_address.ok()) return Refuse(http_address.status(), kCannotListen);
    spdlog::info("http on {}{}", *http_address, loaded.config.http_api ? "" : ", metrics and health only");
  }

  spdlog::info("ready");

  log::Retainer::Options retention = RetainerOptionsOf(loaded.config);
  retention.keep_after = [&services] { return services.keep_after(); };
  const log::Retainer retainer(**event_log, std::move(retention));
  const int signal_number = WaitForSignal(signals, OpenNetworkRisk(loaded.config), [&] { Reload(**pipeline, metrics); });
  spdlog::info("signal {}: draining", signal_number);
  EndAtNextSignal(signals);
  services.Drain(absl::Milliseconds(loaded.config.drain_ms));
  (*event_log)->OnStopped(nullptr);
  spdlog::info("stopped");
  return kOk;
}

}  // namespace demarche::app
