#ifndef DEMARCHE_CLIENT_CPP_FILE_H_
#define DEMARCHE_CLIENT_CPP_FILE_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace demarche::client {

// The whole of a small file. Errors name it.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Puts a file with these rights, less the umask, and this text in the place of what was there, as a whole and synced. Errors:
// `cannot write WHAT PATH`; `what` says what the file holds, and may be empty.
absl::Status ReplaceFile(const std::string& path, const std::string& text, mode_t mode, const std::string& what);

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_FILE_H_
