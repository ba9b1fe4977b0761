#ifndef DEMARCHE_TESTS_SIMULATION_DISK_H_
#define DEMARCHE_TESTS_SIMULATION_DISK_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "tests/simulation/storage.h"

namespace demarche::simulation {

// A disk in memory. What survives a crash: every write that reached it, in order. Trims are not synced, as those of the real log.
class Disk : public Storage {
 public:
  explicit Disk(log::Clock clock) : clock_(std::move(clock)) {}

  absl::StatusOr<std::unique_ptr<log::EventLog>> Open() override;
  bool has_crashed() override { return has_crashed_; }
  void Cut() override {}
  void Restore() override;
  void BreakAWrite(uint32_t argument) override { fault_ = argument % 2 == 0 ? Fault::kLoses : Fault::kKeeps; }
  void Fill() override { is_full_ = !is_full_; }
  void Heal() override;

 private:
  class Log;
  using Records = std::vector<stored::v1::Record>;
  using State = std::vector<log::StateChange>;
  // Of the next synced write: it is lost, or on the disk though nobody was told.
  enum class Fault { kNone, kLoses, kKeeps };

  // Whether a write reaches the disk; otherwise the answer.
  absl::Status Reach();
  // Of a write that did.
  absl::Status Answer() const;

  const log::Clock clock_;
  std::vector<std::variant<Records, State, log::Retention>> writes_;
  bool is_full_ = false;
  bool has_crashed_ = false;
  Fault fault_ = Fault::kNone;
};

}  // namespace demarche::simulation

#endif  // DEMARCHE_TESTS_SIMULATION_DISK_H_
