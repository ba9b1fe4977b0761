#ifndef DEMARCHE_TESTS_FAULT_POWER_CUT_FILE_SYSTEM_H_
#define DEMARCHE_TESTS_FAULT_POWER_CUT_FILE_SYSTEM_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/file_system.h"

namespace demarche::log {

// A file system whose power can be cut: from then on nothing is made durable, and Restore leaves of each file what was synced, and
// of the new files those whose directory was synced after they were made. A rename is taken to be durable, as a journal makes it.
// Nothing fails after the cut, because RocksDB may abort when a flush or a sync fails: what is written is there until Restore drops
// it, what is renamed or deleted stays. Ask is_cut() what an answer is worth. Any thread.
class PowerCutFileSystem : public rocksdb::FileSystemWrapper {
 public:
  PowerCutFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "PowerCutFileSystem"; }

  // The power goes once so many more changes were made, so that cuts fall between any two of them. `at_cut` runs then.
  void CutAfter(uint64_t changes, std::function<void()> at_cut);
  // The power stays, unless it is gone already.
  void CutNever();
  bool is_cut();
  // After everything that used it was closed. Bytes that were dropped.
  uint64_t Restore();

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file, rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory, rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override;

  // For its files and directories. A change that Restore can undo; the power cannot go while it runs.
  template <typename Change>
  rocksdb::IOStatus Write(Change change) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    rocksdb::IOStatus status = change();
    if (changes_left_.value_or(0) > 0 && --*changes_left_ == 0) at_cut_();
    return status;
  }
  // A change that stays: not after the cut.
  template <typename Change>
  rocksdb::IOStatus Keep(Change change) ABSL_LOCKS_EXCLUDED(mutex_) {
    return Write([&]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return changes_left_ == 0 ? rocksdb::IOStatus::OK() : change(); });
  }
  void NoteSynced(const std::string& path, uint64_t size) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { synced_[path] = size; }
  void NoteDirectorySynced(const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

 private:
  friend class PowerCutFile;
  friend class PowerCutDirectory;

  absl::Mutex mutex_;
  std::optional<uint64_t> changes_left_ ABSL_GUARDED_BY(mutex_);  // until the power goes; without it stays
  std::function<void()> at_cut_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, uint64_t> synced_ ABSL_GUARDED_BY(mutex_);  // of the files that were made here
  std::set<std::string> unlisted_ ABSL_GUARDED_BY(mutex_);          // whose directory was not synced since
};

}  // namespace demarche::log

#endif  // DEMARCHE_TESTS_FAULT_POWER_CUT_FILE_SYSTEM_H_
