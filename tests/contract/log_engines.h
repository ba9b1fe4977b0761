#ifndef DEMARCHE_TESTS_CONTRACT_LOG_ENGINES_H_
#define DEMARCHE_TESTS_CONTRACT_LOG_ENGINES_H_

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "server/log/clock.h"
#include "server/log/event_log.h"

namespace demarche::log {

// How a contract test wants its log.
struct LogSetup {
  std::string directory;  // does not exist yet, or holds the log to open again
  Clock clock;
  uint64_t first_position = 0;
};

// An engine under the contract.
struct Engine {
  const char* name;
  std::unique_ptr<EventLog> (*open)(const LogSetup&);  // ends the test program when it fails

  friend std::ostream& operator<<(std::ostream& out, const Engine& engine) { return out << engine.name; }
};

std::vector<Engine> Engines();
// Those that find what was there when they open a directory again.
std::vector<Engine> DurableEngines();

}  // namespace demarche::log

#endif  // DEMARCHE_TESTS_CONTRACT_LOG_ENGINES_H_
