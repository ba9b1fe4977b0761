#include "tests/simulation/disk.h"

#include <span>

#include "server/log/memory_log.h"

namespace demarche::simulation {

// The memory log, whose writes reach the disk before they are answered, unless the disk fails.
class Disk::Log : public log::MemoryLog {
 public:
  // As the disk has it.
  explicit Log(Disk& disk) : Log(disk, std::make_shared<int64_t>(0)) {}

  absl::Status Append(std::span<stored::v1::Record> records) override {
    if (absl::Status status = disk_.Reach(); !status.ok()) return status;
    if (absl::Status status = MemoryLog::Append(records); !status.ok()) return status;
    disk_.writes_.emplace_back(Records(records.begin(), records.end()));
    return disk_.Answer();
  }
  absl::Status WriteState(std::span<const log::StateChange> changes) override {
    if (changes.empty()) return disk_.Answer();
    if (absl::Status status = disk_.Reach(); !status.ok()) return status;
    if (absl::Status status = MemoryLog::WriteState(changes); !status.ok()) return status;
    disk_.writes_.emplace_back(State(changes.begin(), changes.end()));
    return disk_.Answer();
  }
  absl::StatusOr<bool> Trim(const log::Retention& retention) override {
    disk_.writes_.emplace_back(retention);
    return MemoryLog::Trim(retention);
  }

 private:
  // `replayed_us`: the time of the record that is being replayed.
  Log(Disk& disk, const std::shared_ptr<int64_t>& replayed_us)
      : MemoryLog([&disk, replayed_us] { return *replayed_us != 0 ? *replayed_us : disk.clock_(); }), disk_(disk) {
    for (auto& write : disk.writes_) {
      if (const auto* records = std::get_if<Records>(&write)) {
        Records copy = *records;
        *replayed_us = copy.front().append_time_us();
        MemoryLog::Append(std::span(copy)).IgnoreError();
      } else if (const auto* state = std::get_if<State>(&write)) {
        MemoryLog::WriteState(*state).IgnoreError();
      } else {
        MemoryLog::Trim(std::get<log::Retention>(write)).IgnoreError();
      }
    }
    *replayed_us = 0;
  }

  Disk& disk_;
};

absl::StatusOr<std::unique_ptr<log::EventLog>> Disk::Open() { return std::make_unique<Log>(*this); }

absl::Status Disk::Reach() {
  if (has_crashed_) return absl::DataLossError("the log has stopped");
  if (is_full_) return absl::UnavailableError("storage full");
  const Fault fault = std::exchange(fault_, Fault::kNone);
  has_crashed_ = fault != Fault::kNone;
  return fault == Fault::kLoses ? Answer() : absl::OkStatus();
}

absl::Status Disk::Answer() const { return has_crashed_ ? absl::DataLossError("the write failed") : absl::OkStatus(); }

void Disk::Restore() {
  while (!writes_.empty() && std::holds_alternative<log::Retention>(writes_.back())) writes_.pop_back();
  has_crashed_ = false;
  fault_ = Fault::kNone;
}

void Disk::Heal() {
  is_full_ = false;
  fault_ = Fault::kNone;
}

}  // namespace demarche::simulation
