#ifndef DEMARCHE_TESTS_SIMULATION_ROCKSDB_DISK_H_
#define DEMARCHE_TESTS_SIMULATION_ROCKSDB_DISK_H_

#include <cstdint>
#include <filesystem>
#include <memory>

#include "rocksdb/env.h"
#include "server/log/mark_file.h"
#include "server/log/rocksdb_log.h"
#include "tests/fault/power_cut_file_system.h"
#include "tests/simulation/storage.h"
#include "tests/support/temporary_directory.h"

namespace demarche::simulation {

// The embedded log, on a file system whose power is cut. Its threads run on their own, so a seed does not always go alike. It is
// never full: the log refuses before the file system does.
class RocksDbDisk : public Storage {
 public:
  explicit RocksDbDisk(const log::Clock& clock);

  absl::StatusOr<std::unique_ptr<log::EventLog>> Open() override;
  bool has_crashed() override { return file_system_->is_cut(); }
  void Cut() override;
  void Restore() override;
  void BreakAWrite(uint32_t argument) override;
  void Fill() override {}
  void Heal() override { file_system_->CutNever(); }

 private:
  void CutAfter(uint64_t changes);

  support::TemporaryDirectory temporary_;
  // The mark is written without the file system below.
  const std::filesystem::path mark_ = std::filesystem::path(temporary_ / "data") / log::kMarkName;
  const std::filesystem::path mark_at_cut_ = temporary_ / "mark_at_cut";
  const std::shared_ptr<log::PowerCutFileSystem> file_system_ = std::make_shared<log::PowerCutFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_;
  log::RocksDbLog::Options options_;
};

}  // namespace demarche::simulation

#endif  // DEMARCHE_TESTS_SIMULATION_ROCKSDB_DISK_H_
