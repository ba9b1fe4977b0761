#include "tests/simulation/rocksdb_disk.h"

#include <algorithm>

#include "rocksdb/system_clock.h"
#include "tests/fault/log_records.h"

namespace demarche::simulation {
namespace {

constexpr uint32_t kMaxChanges = 12;  // until the power is cut: a write makes a handful

// What is synced is what the file system below says, so it may lie in memory.
std::filesystem::path Parent() {
  const std::filesystem::path memory = "/dev/shm";
  return std::filesystem::is_directory(memory) ? memory : std::filesystem::path(testing::TempDir());
}

// RocksDB rests a second after a failure, of which every cut is one.
class ShortRests : public rocksdb::SystemClockWrapper {
 public:
  ShortRests() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "ShortRests"; }
  void SleepForMicroseconds(int micros) override { SystemClockWrapper::SleepForMicroseconds(std::min(micros, 1000)); }
};

class DiskEnv : public rocksdb::EnvWrapper {
 public:
  explicit DiskEnv(const std::shared_ptr<rocksdb::FileSystem>& file_system) : EnvWrapper(rocksdb::Env::Default()) {
    file_system_ = file_system;
    system_clock_ = std::make_shared<ShortRests>();
  }
};

void Copy(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
}

}  // namespace

RocksDbDisk::RocksDbDisk(const log::Clock& clock) : temporary_(Parent()), env_(std::make_unique<DiskEnv>(file_system_)) {
  options_ = log::FaultOptions(temporary_ / "data");
  options_.store.env = env_.get();
  options_.clock = clock;
}

absl::StatusOr<std::unique_ptr<log::EventLog>> RocksDbDisk::Open() { return log::RocksDbLog::Open(options_); }

void RocksDbDisk::CutAfter(uint64_t changes) {
  file_system_->CutAfter(changes, [this] { Copy(mark_, mark_at_cut_); });
}

void RocksDbDisk::Cut() {
  if (!has_crashed()) CutAfter(0);
}

void RocksDbDisk::Restore() {
  Copy(mark_at_cut_, mark_);
  file_system_->Restore();
}

void RocksDbDisk::BreakAWrite(uint32_t argument) {
  if (!has_crashed()) CutAfter(argument % kMaxChanges + 1);
}

}  // namespace demarche::simulation
