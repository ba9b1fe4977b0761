#include "client/cpp/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace demarche::client {
namespace {

// What is read whole is small; a device without an end is not.
constexpr size_t kMaxFileBytes = size_t{16} << 20;

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  char chunk[4096];
  while (file && text.size() <= kMaxFileBytes) {
    file.read(chunk, sizeof(chunk));
    text.append(chunk, static_cast<size_t>(file.gcount()));
  }
  if (text.size() > kMaxFileBytes) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": it has more than ", kMaxFileBytes, " bytes"));
  }
  if (text.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read ", path, ": ", errno == 0 ? "it is empty or no file" : std::strerror(errno)));
  }
  return text;
}

absl::Status ReplaceFile(const std::string& path, const std::string& text, mode_t mode, const std::string& what) {
  const auto failed = [&what](const char* doing, const std::string& file) {
    return absl::FailedPreconditionError(absl::StrCat("cannot ", doing, " ", what, file, ": ", std::strerror(errno)));
  };
  const std::string next = path + ".next";
  unlink(next.c_str());  // may be left over from a crash, with other rights
  const int fd = open(next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return failed("write", next);
  const bool is_written = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fdatasync(fd) == 0;
  const int cause = errno;
  close(fd);
  errno = cause;
  if (!is_written) return failed("write", next);
  return std::rename(next.c_str(), path.c_str()) == 0 ? absl::OkStatus() : failed("replace", path);
}

}  // namespace demarche::client
