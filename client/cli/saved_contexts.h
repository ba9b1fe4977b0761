#ifndef DEMARCHE_CLIENT_CLI_SAVED_CONTEXTS_H_
#define DEMARCHE_CLIENT_CLI_SAVED_CONTEXTS_H_

#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cpp/channel.h"

namespace demarche::cli {

inline constexpr size_t kMaxContextNameBytes = 64;

// How to reach one server, under a name. Of a token only the file is known here, never the token.
struct SavedContext {
  std::string server = client::kDefaultServer;
  std::optional<client::TlsOptions> tls = {};
  std::string token_file = {};
};

// What the user saved.
struct SavedContexts {
  std::string selected = {};  // used when none is named; empty for none
  std::map<std::string, SavedContext> contexts = {};
};

// XDG_CONFIG_HOME/demarche/contexts.toml, below HOME/.config where that is not set.
absl::StatusOr<std::string> ContextsPath();

// Empty when there is no such file. Errors name the file, the line and what is wrong there.
absl::StatusOr<SavedContexts> LoadContexts(const std::string& path);
// Replaces the file as a whole, readable by its owner alone; makes the folder.
absl::Status SaveContexts(const std::string& path, const SavedContexts& saved);

// The context of the name; NOT_FOUND names those there are.
absl::StatusOr<SavedContext> FindContext(const SavedContexts& saved, const std::string& name);

// Empty when a context may have the name; else what is wrong with it.
std::string CheckContextName(const std::string& name);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_SAVED_CONTEXTS_H_
