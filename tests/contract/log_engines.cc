#include "tests/contract/log_engines.h"

#include "server/log/memory_log.h"

namespace demarche::log {
namespace {

std::unique_ptr<EventLog> OpenMemoryLog(const LogSetup& setup) {
  return std::make_unique<MemoryLog>(setup.clock, setup.first_position);
}

}  // namespace

std::vector<Engine> Engines() { return {{"Memory", OpenMemoryLog}}; }

std::vector<Engine> DurableEngines() { return {}; }

}  // namespace demarche::log
