#include "tests/simulation/disk.h"

#include <utility>

namespace demarche::simulation {
namespace {

std::shared_ptr<int64_t> MakeClock() { return std::make_shared<int64_t>(0); }

}  // namespace

SimulatedLog::SimulatedLog(Disk& disk, const int64_t& now_us) : SimulatedLog(disk, now_us, MakeClock()) {}

SimulatedLog::SimulatedLog(Disk& disk, const int64_t& now_us, const std::shared_ptr<int64_t>& replayed_us)
    : MemoryLog([&now_us, replayed_us] { return *replayed_us != 0 ? *replayed_us : now_us; }), disk_(disk) {
  for (auto& write : disk.writes) {
    if (const auto* records = std::get_if<Disk::Records>(&write)) {
      Disk::Records copy = *records;
      *replayed_us = copy.front().append_time_us();
      MemoryLog::Append(std::span(copy)).IgnoreError();
    } else if (const auto* state = std::get_if<Disk::State>(&write)) {
      MemoryLog::WriteState(*state).IgnoreError();
    } else {
      MemoryLog::Trim(std::get<log::Retention>(write)).IgnoreError();
    }
  }
  *replayed_us = 0;
}

absl::Status SimulatedLog::Reach() {
  if (has_crashed_) return absl::DataLossError("the log has stopped");
  if (disk_.is_full) return absl::UnavailableError("storage full");
  const Disk::Fault fault = std::exchange(disk_.fault, Disk::Fault::kNone);
  has_crashed_ = fault != Disk::Fault::kNone;
  if (fault == Disk::Fault::kLoses) return absl::DataLossError("the write failed");
  return absl::OkStatus();
}

absl::Status SimulatedLog::Append(std::span<stored::v1::Record> records) {
  if (absl::Status status = Reach(); !status.ok()) return status;
  if (absl::Status status = MemoryLog::Append(records); !status.ok()) return status;
  disk_.writes.emplace_back(Disk::Records(records.begin(), records.end()));
  return has_crashed_ ? absl::DataLossError("the write failed") : absl::OkStatus();
}

absl::Status SimulatedLog::WriteState(std::span<const log::StateChange> changes) {
  if (changes.empty()) return has_crashed_ ? absl::DataLossError("the log has stopped") : absl::OkStatus();
  if (absl::Status status = Reach(); !status.ok()) return status;
  if (absl::Status status = MemoryLog::WriteState(changes); !status.ok()) return status;
  disk_.writes.emplace_back(Disk::State(changes.begin(), changes.end()));
  return has_crashed_ ? absl::DataLossError("the write failed") : absl::OkStatus();
}

absl::StatusOr<bool> SimulatedLog::Trim(const log::Retention& retention) {
  disk_.writes.emplace_back(retention);
  return MemoryLog::Trim(retention);
}

}  // namespace demarche::simulation
