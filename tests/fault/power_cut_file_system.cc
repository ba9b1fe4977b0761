#include "tests/fault/power_cut_file_system.h"

#include <filesystem>
#include <utility>

namespace demarche::log {

using ::rocksdb::FSDirectory;
using ::rocksdb::FSWritableFile;
using ::rocksdb::IODebugContext;
using ::rocksdb::IOOptions;
using ::rocksdb::IOStatus;

class PowerCutFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  PowerCutFile(std::unique_ptr<FSWritableFile> file, std::string path, PowerCutFileSystem& system)
      : FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), system_(system) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* debug) override {
    return system_.Write([&] { return target()->Append(data, options, debug); });
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& info,
                  IODebugContext* debug) override {
    return system_.Write([&] { return target()->Append(data, options, info, debug); });
  }
  IOStatus PositionedAppend(const rocksdb::Slice& data, uint64_t offset, const IOOptions& options, IODebugContext* debug) override {
    return system_.Write([&] { return target()->PositionedAppend(data, offset, options, debug); });
  }
  IOStatus PositionedAppend(const rocksdb::Slice& data, uint64_t offset, const IOOptions& options,
                            const rocksdb::DataVerificationInfo& info, IODebugContext* debug) override {
    return system_.Write([&] { return target()->PositionedAppend(data, offset, options, info, debug); });
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    return system_.Write([&] { return target()->Truncate(size, options, debug); });
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* debug) override {
    return system_.Write([&] { return target()->Flush(options, debug); });
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return system_.Keep([&] { return Noted(target()->Sync(options, debug), options, debug); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return system_.Keep([&] { return Noted(target()->Fsync(options, debug), options, debug); });
  }
  // Only starts what is written to go to the disk.
  IOStatus RangeSync(uint64_t offset, uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    return system_.Keep([&] { return target()->RangeSync(offset, size, options, debug); });
  }

 private:
  IOStatus Noted(IOStatus status, const IOOptions& options, IODebugContext* debug) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (status.ok()) system_.NoteSynced(path_, target()->GetFileSize(options, debug));
    return status;
  }

  const std::string path_;
  PowerCutFileSystem& system_;
};

class PowerCutDirectory : public rocksdb::FSDirectoryWrapper {
 public:
  PowerCutDirectory(std::unique_ptr<FSDirectory> directory, std::string path, PowerCutFileSystem& system)
      : FSDirectoryWrapper(std::move(directory)), path_(std::move(path)), system_(system) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return system_.Keep([&] { return Noted(FSDirectoryWrapper::Fsync(options, debug)); });
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& directory_options) override {
    return system_.Keep([&] { return Noted(FSDirectoryWrapper::FsyncWithDirOptions(options, debug, directory_options)); });
  }

 private:
  IOStatus Noted(IOStatus status) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (status.ok()) system_.NoteDirectorySynced(path_);
    return status;
  }

  const std::string path_;
  PowerCutFileSystem& system_;
};

void PowerCutFileSystem::CutAfter(uint64_t changes, std::function<void()> at_cut) {
  const absl::MutexLock lock(&mutex_);
  changes_left_ = changes;
  at_cut_ = std::move(at_cut);
  if (changes == 0) at_cut_();
}

void PowerCutFileSystem::CutNever() {
  const absl::MutexLock lock(&mutex_);
  if (changes_left_ != 0) changes_left_.reset();
}

bool PowerCutFileSystem::is_cut() {
  const absl::MutexLock lock(&mutex_);
  return changes_left_ == 0;
}

uint64_t PowerCutFileSystem::Restore() {
  const absl::MutexLock lock(&mutex_);
  uint64_t dropped = 0;
  for (const auto& [path, size] : synced_) {
    if (!std::filesystem::exists(path)) continue;
    const uint64_t written = std::filesystem::file_size(path);
    const bool is_listed = !unlisted_.contains(path);
    if (written > size) dropped += written - (is_listed ? size : 0);
    if (!is_listed) {
      std::filesystem::remove(path);
    } else if (written > size) {
      std::filesystem::resize_file(path, size);
    }
  }
  synced_.clear();
  unlisted_.clear();
  changes_left_.reset();
  return dropped;
}

void PowerCutFileSystem::NoteDirectorySynced(const std::string& path) {
  std::erase_if(unlisted_, [&](const std::string& file) { return std::filesystem::path(file).parent_path() == path; });
}

IOStatus PowerCutFileSystem::NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                             std::unique_ptr<FSWritableFile>* file, IODebugContext* debug) {
  return Write([&]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (changes_left_ == 0 && std::filesystem::exists(path)) return IOStatus::IOError("the power is cut", path);
    std::unique_ptr<FSWritableFile> made;
    IOStatus status = target()->NewWritableFile(path, options, &made, debug);
    if (!status.ok()) return status;
    *file = std::make_unique<PowerCutFile>(std::move(made), path, *this);
    synced_[path] = 0;
    unlisted_.insert(path);
    return status;
  });
}

IOStatus PowerCutFileSystem::NewDirectory(const std::string& path, const IOOptions& options,
                                          std::unique_ptr<FSDirectory>* directory, IODebugContext* debug) {
  std::unique_ptr<FSDirectory> made;
  IOStatus status = target()->NewDirectory(path, options, &made, debug);
  if (status.ok()) *directory = std::make_unique<PowerCutDirectory>(std::move(made), path, *this);
  return status;
}

IOStatus PowerCutFileSystem::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                                        IODebugContext* debug) {
  return Keep([&]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    IOStatus status = target()->RenameFile(from, to, options, debug);
    if (!status.ok()) return status;
    if (const auto it = synced_.find(from); it != synced_.end()) {
      synced_[to] = it->second;
      synced_.erase(it);
    }
    unlisted_.erase(from);
    return status;
  });
}

IOStatus PowerCutFileSystem::DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* debug) {
  return Keep([&]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    IOStatus status = target()->DeleteFile(path, options, debug);
    synced_.erase(path);
    unlisted_.erase(path);
    return status;
  });
}

}  // namespace demarche::log
