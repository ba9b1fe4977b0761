#include "client/cli/saved_contexts.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cpp/file.h"
#include "toml++/toml.h"

namespace demarche::cli {
namespace {

// The settings that are texts. `tls = true` stands beside them where TLS is used without any file.
std::vector<std::pair<const char*, std::string*>> TextsOf(SavedContext& context, client::TlsOptions& tls) {
  return {{"server", &context.server},
          {"token_file", &context.token_file},
          {"ca", &tls.ca_file},
          {"cert", &tls.cert_file},
          {"key", &tls.key_file}};
}

absl::Status WrongAt(const std::string& path, const toml::node& node, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat(path, ":", node.source().begin.line, ": ", what));
}

absl::StatusOr<SavedContext> ReadContext(const std::string& path, const toml::table& table) {
  SavedContext context;
  client::TlsOptions tls;
  bool uses_tls = false;
  const auto texts = TextsOf(context, tls);
  for (const auto& [key, value] : table) {
    if (key == "tls" && value.is_boolean()) {
      uses_tls = *value.value<bool>();
      continue;
    }
    std::string* target = nullptr;
    for (const auto& [name, text] : texts) {
      if (key == name) target = text;
    }
    if (target == nullptr || !value.is_string()) {
      return WrongAt(path, value,
                     absl::StrCat("'", std::string(key.str()),
                                  "' is no setting of a context; there are server, tls (true or false), "
                                  "ca, cert, key, token_file"));
    }
    *target = *value.value<std::string>();
  }
  if (uses_tls || tls != client::TlsOptions()) context.tls = tls;
  return context;
}

absl::StatusOr<SavedContexts> ReadAll(const std::string& path, const toml::table& root) {
  SavedContexts saved;
  for (const auto& [key, node] : root) {
    const toml::table* contexts = node.as_table();
    if (key == "selected" && node.is_string()) {
      saved.selected = *node.value<std::string>();
      continue;
    }
    if (key != "contexts" || contexts == nullptr) {
      return WrongAt(path, node,
                     absl::StrCat("unknown key '", std::string(key.str()), "'; there are selected and [contexts.NAME]"));
    }
    for (const auto& [name, entry] : *contexts) {
      const toml::table* table = entry.as_table();
      if (table == nullptr) return WrongAt(path, entry, "a context is a table: [contexts.NAME]");
      const auto context = ReadContext(path, *table);
      if (!context.ok()) return context.status();
      saved.contexts.emplace(name.str(), *context);
    }
  }
  return saved;
}

}  // namespace

absl::StatusOr<std::string> ContextsPath() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config != '\0') return absl::StrCat(config, "/demarche/contexts.toml");
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home != '\0') return absl::StrCat(home, "/.config/demarche/contexts.toml");
  return absl::NotFoundError("there is no place for contexts: neither XDG_CONFIG_HOME nor HOME is set");
}

absl::StatusOr<SavedContexts> LoadContexts(const std::string& path) {
  if (access(path.c_str(), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) return SavedContexts();
  try {
    return ReadAll(path, toml::parse_file(path));
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ":", error.source().begin.line, ": ", std::string(error.description())));
  }
}

absl::Status SaveContexts(const std::string& path, const SavedContexts& saved) {
  toml::table contexts;
  for (const auto& [name, context] : saved.contexts) {
    SavedContext copy = context;
    client::TlsOptions tls = context.tls.value_or(client::TlsOptions());
    toml::table table;
    for (const auto& [key, text] : TextsOf(copy, tls)) {
      if (!text->empty()) table.insert(key, *text);
    }
    if (context.tls) table.insert("tls", true);
    contexts.insert(name, std::move(table));
  }
  toml::table root;
  if (!saved.selected.empty()) root.insert("selected", saved.selected);
  root.insert("contexts", std::move(contexts));
  std::ostringstream text;
  text << "# Servers that `demarche` knows by name; written by `demarche context`.\n" << root << '\n';
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (std::filesystem::create_directories(folder, error))
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) return absl::FailedPreconditionError(absl::StrCat("cannot make ", folder.string(), ": ", error.message()));
  return client::ReplaceFile(path, text.str(), 0600, "");
}

absl::StatusOr<SavedContext> FindContext(const SavedContexts& saved, const std::string& name) {
  const auto found = saved.contexts.find(name);
  if (found != saved.contexts.end()) return found->second;
  const std::string known = absl::StrJoin(saved.contexts, ", ", [](std::string* out, const auto& entry) { *out += entry.first; });
  return absl::NotFoundError(absl::StrCat(
      "there is no context '", name, "'; ",
      known.empty() ? "none is saved: demarche context add NAME --server HOST:PORT" : absl::StrCat("there are: ", known)));
}

std::string CheckContextName(const std::string& name) {
  const bool is_good =
      !name.empty() && name.size() <= kMaxContextNameBytes &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == std::string::npos;
  return is_good ? "" : absl::StrCat("'", name, "' is no name of a context: 1 to ", kMaxContextNameBytes, " of [A-Za-z0-9_.-]");
}

}  // namespace demarche::cli
