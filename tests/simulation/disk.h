#ifndef DEMARCHE_TESTS_SIMULATION_DISK_H_
#define DEMARCHE_TESTS_SIMULATION_DISK_H_

#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "server/log/memory_log.h"

namespace demarche::simulation {

// What survives a crash: every write that reached the disk, in order. Trims are not synced, as those of the real log.
struct Disk {
  using Records = std::vector<stored::v1::Record>;
  using State = std::vector<log::StateChange>;
  std::vector<std::variant<Records, State, log::Retention>> writes;
  bool is_full = false;
  // The next synced write ends in a crash: it is lost, or on the disk though nobody was told.
  enum class Fault { kNone, kLoses, kKeeps } fault = Fault::kNone;
};

// The event log of one life of the process: the memory log, whose writes reach the disk before they are answered, unless the disk
// fails.
class SimulatedLog : public log::MemoryLog {
 public:
  // As the disk has it.
  SimulatedLog(Disk& disk, const int64_t& now_us);

  absl::Status Append(std::span<stored::v1::Record> records) override;
  absl::Status WriteState(std::span<const log::StateChange> changes) override;
  absl::StatusOr<bool> Trim(const log::Retention& retention) override;

  // The process must end: a write failed.
  bool has_crashed() const { return has_crashed_; }

 private:
  // Whether the write reaches the disk; otherwise the answer.
  absl::Status Reach();

  SimulatedLog(Disk& disk, const int64_t& now_us, const std::shared_ptr<int64_t>& replayed_us);

  Disk& disk_;
  bool has_crashed_ = false;
};

}  // namespace demarche::simulation

#endif  // DEMARCHE_TESTS_SIMULATION_DISK_H_
