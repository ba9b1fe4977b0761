#include "server/log/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "pipeline/document/strings.h"

namespace demarche::log {
namespace {

constexpr mode_t kDirectoryMode = 0700;
constexpr char kLockName[] = "LOCK";

// Missing parents too. Leaves alone what exists.
absl::Status MakeDirectories(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return absl::OkStatus();
  if (path.has_parent_path() && path.parent_path() != path) {
    if (absl::Status status = MakeDirectories(path.parent_path()); !status.ok()) return status;
  }
  if (path.has_filename() && mkdir(path.c_str(), kDirectoryMode) != 0 && errno != EEXIST) {
    return FileError("cannot create data directory", path.native());
  }
  return absl::OkStatus();
}

std::string HolderOf(int lock) {
  char text[32] = {};
  const ssize_t size = pread(lock, text, sizeof text - 1, 0);
  if (size <= 0) return "another process";
  return absl::StrCat("another process (pid ", std::string(text, std::strcspn(text, "\n")), ")");
}

}  // namespace

absl::Status FileError(std::string_view what, std::string_view path) {
  return absl::FailedPreconditionError(absl::StrCat(View(what), " ", View(path), ": ", std::strerror(errno)));
}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<DataDirectory> DataDirectory::OpenShared(const std::string& path) {
  FileDescriptor directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.is_open()) return DataDirectory(path, std::move(directory));
  if (errno == ENOENT) return absl::NotFoundError(absl::StrCat("data directory ", path, " does not exist"));
  return FileError("cannot open data directory", path);
}

absl::StatusOr<DataDirectory> DataDirectory::Open(const std::string& path, bool read_only) {
  if (path.empty()) return absl::InvalidArgumentError("data directory: the path is empty");
  if (!read_only) {
    if (absl::Status status = MakeDirectories(path); !status.ok()) return status;
  }
  auto result = OpenShared(path);
  if (!result.ok()) return result;
  if (absl::Status status = result->Lock(read_only); !status.ok()) return status;
  return result;
}

absl::Status DataDirectory::Lock(bool read_only) {
  const std::string path = PathOf(kLockName);
  lock_ = FileDescriptor(open(path.c_str(), O_RDWR | O_CLOEXEC | (read_only ? 0 : O_CREAT), kFileMode));
  const bool is_writable = lock_.is_open();
  if (!is_writable && read_only) lock_ = FileDescriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  // What has no lock file has no writer.
  if (!lock_.is_open() && read_only && errno == ENOENT) return absl::OkStatus();
  if (!lock_.is_open()) return FileError("data directory is not writable: cannot open", path);
  if (flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return FileError("cannot lock", path);
    return absl::FailedPreconditionError(absl::StrCat("data directory ", path_, " is locked by ", HolderOf(lock_.get())));
  }
  if (!is_writable) return absl::OkStatus();
  const std::string pid = absl::StrCat(getpid(), "\n");
  if (ftruncate(lock_.get(), 0) != 0 || pwrite(lock_.get(), pid.data(), pid.size(), 0) < 0) return FileError("cannot write", path);
  return absl::OkStatus();
}

std::string DataDirectory::PathOf(std::string_view name) const { return absl::StrCat(path_, "/", View(name)); }

bool DataDirectory::Has(std::string_view name) const {
  struct stat unused;
  return fstatat(directory_.get(), std::string(name).c_str(), &unused, 0) == 0;
}

absl::Status DataDirectory::MakeSubdirectory(std::string_view name) const {
  if (mkdirat(directory_.get(), std::string(name).c_str(), kDirectoryMode) != 0 && errno != EEXIST) {
    return FileError("cannot create", PathOf(name));
  }
  return Sync();
}

absl::Status DataDirectory::Sync() const {
  if (fsync(directory_.get()) != 0) return FileError("cannot sync", path_);
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> DataDirectory::FreeBytes() const {
  struct statvfs file_system;
  if (fstatvfs(directory_.get(), &file_system) != 0) return FileError("cannot measure the free space of", path_);
  return uint64_t{file_system.f_bavail} * file_system.f_frsize;
}

}  // namespace demarche::log
