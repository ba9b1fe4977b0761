#include "client/cpp/position_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/token.h"

namespace demarche::client {
namespace {

absl::Status Failed(const char* what, const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat("cannot ", what, " the position in ", path, ": ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<std::string> FilePositionStore::Load() {
  if (access(path_.c_str(), F_OK) != 0 && errno == ENOENT) return "";
  absl::StatusOr<std::string> text = ReadFile(path_);
  if (!text.ok()) return text;
  std::string position(absl::StripAsciiWhitespace(*text));
  if (position.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(path_, " holds no position: delete it to start anew"));
  }
  return position;
}

absl::Status FilePositionStore::Save(const std::string& position) {
  const std::string next = path_ + ".next";
  const int fd = open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return Failed("write", next);
  const std::string line = position + '\n';
  const bool written = write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && fdatasync(fd) == 0;
  const int cause = errno;
  close(fd);
  errno = cause;
  if (!written) return Failed("write", next);
  if (std::rename(next.c_str(), path_.c_str()) != 0) return Failed("replace", path_);
  return absl::OkStatus();
}

}  // namespace demarche::client
