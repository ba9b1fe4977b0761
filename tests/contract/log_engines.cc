#include "tests/contract/log_engines.h"

#include <cstdlib>
#include <iostream>

#include "server/log/memory_log.h"
#include "server/log/rocksdb_log.h"

namespace demarche::log {
namespace {

std::unique_ptr<EventLog> OpenMemoryLog(const LogSetup& setup) {
  return std::make_unique<MemoryLog>(setup.clock, setup.first_position);
}

std::unique_ptr<EventLog> OpenRocksDbLog(const LogSetup& setup, std::chrono::milliseconds sync_interval) {
  RocksDbLog::Options options;
  options.directory = setup.directory;
  options.clock = setup.clock;
  options.first_position = setup.first_position;
  options.sync_interval = sync_interval;
  options.min_free_bytes = 0;
  auto log = RocksDbLog::Open(options);
  if (log.ok()) return *std::move(log);
  std::cerr << log.status() << '\n';
  std::abort();
}

std::unique_ptr<EventLog> OpenSyncedLog(const LogSetup& setup) { return OpenRocksDbLog(setup, std::chrono::milliseconds(0)); }

std::unique_ptr<EventLog> OpenIntervalLog(const LogSetup& setup) { return OpenRocksDbLog(setup, std::chrono::milliseconds(1)); }

}  // namespace

std::vector<Engine> Engines() {
  std::vector<Engine> engines = DurableEngines();
  engines.push_back({"Memory", OpenMemoryLog});
  return engines;
}

std::vector<Engine> DurableEngines() { return {{"RocksDb", OpenSyncedLog}, {"RocksDbAtIntervals", OpenIntervalLog}}; }

}  // namespace demarche::log
