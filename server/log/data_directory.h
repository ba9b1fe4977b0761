#ifndef DEMARCHE_SERVER_LOG_DATA_DIRECTORY_H_
#define DEMARCHE_SERVER_LOG_DATA_DIRECTORY_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace demarche::log {

inline constexpr mode_t kFileMode = 0600;  // the files of a log are their owner's

// Closes a file descriptor at the end of its life. Moves, does not copy.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// The directory that a log lives in, held by this process alone for as long as the object lives. Immutable after Open.
class DataDirectory {
 public:
  // Creates the directory (mode 0700) unless `read_only`, and locks it. FAILED_PRECONDITION when it is locked by another
  // process (named), is not a directory or cannot be written; NOT_FOUND when it is missing and `read_only`.
  static absl::StatusOr<DataDirectory> Open(const std::string& path, bool read_only);

  // For reading what another process may be using: not locked. NOT_FOUND when it is missing.
  static absl::StatusOr<DataDirectory> OpenShared(const std::string& path);

  const std::string& path() const { return path_; }
  std::string PathOf(std::string_view name) const;
  bool Has(std::string_view name) const;

  // Makes an entry of the directory, synced. FAILED_PRECONDITION names the path and the cause.
  absl::Status MakeSubdirectory(std::string_view name) const;
  // Syncs the list of entries.
  absl::Status Sync() const;

  // What is left of the file system for this process.
  absl::StatusOr<uint64_t> FreeBytes() const;

 private:
  DataDirectory(std::string path, FileDescriptor directory) : path_(std::move(path)), directory_(std::move(directory)) {}
  absl::Status Lock(bool read_only);

  std::string path_;
  FileDescriptor directory_;
  FileDescriptor lock_;
};

// What errno says: '<what> <path>: <cause>'.
absl::Status FileError(std::string_view what, std::string_view path);

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_DATA_DIRECTORY_H_
