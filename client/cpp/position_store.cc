#include "client/cpp/position_store.h"

#include <unistd.h>

#include <cerrno>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/file.h"

namespace demarche::client {
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
  return ReplaceFile(path_, position + '\n', 0644, "the position in ");
}

}  // namespace demarche::client
