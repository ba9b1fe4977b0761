#ifndef DEMARCHE_TESTS_SIMULATION_STORAGE_H_
#define DEMARCHE_TESTS_SIMULATION_STORAGE_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "server/log/clock.h"
#include "server/log/event_log.h"

namespace demarche::simulation {

// What outlives the process. A write to it can end in a crash.
class Storage {
 public:
  virtual ~Storage() = default;

  // The log of the next life of the process.
  virtual absl::StatusOr<std::unique_ptr<log::EventLog>> Open() = 0;
  // The process must end: no answer of its log is worth anything any more.
  virtual bool has_crashed() = 0;
  // Call before the log of a life is closed, whose end nothing announced. What was not synced will be lost.
  virtual void Cut() = 0;
  // After it was closed.
  virtual void Restore() = 0;

  // One of the next writes ends in a crash.
  virtual void BreakAWrite(uint32_t argument) = 0;
  // Full, or not any more.
  virtual void Fill() = 0;
  // No faults from now on.
  virtual void Heal() = 0;
};

using MakeStorage = std::function<std::unique_ptr<Storage>(log::Clock)>;

}  // namespace demarche::simulation

#endif  // DEMARCHE_TESTS_SIMULATION_STORAGE_H_
