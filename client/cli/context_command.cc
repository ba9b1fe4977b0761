#include "client/cli/context_command.h"

#include <filesystem>
#include <iomanip>

#include "absl/strings/str_cat.h"
#include "client/cli/saved_contexts.h"

namespace demarche::cli {
namespace {

// Contexts are used from any folder.
void MakeAbsolute(std::string& path) {
  if (!path.empty()) path = std::filesystem::absolute(path).lexically_normal().string();
}

SavedContext ConnectionOf(const Context& context) {
  SavedContext connection{.server = context.server, .tls = context.tls, .token_file = context.token_file};
  MakeAbsolute(connection.token_file);
  if (connection.tls) {
    for (std::string* file : {&connection.tls->ca_file, &connection.tls->cert_file, &connection.tls->key_file}) MakeAbsolute(*file);
  }
  return connection;
}

void List(Context& context, const SavedContexts& saved) {
  size_t width = 0;
  for (const auto& [name, connection] : saved.contexts) width = std::max(width, name.size());
  for (const auto& [name, connection] : saved.contexts) {
    context.out << (name == saved.selected ? "* " : "  ") << std::left << std::setw(static_cast<int>(width)) << Harmless(name)
                << "  " << Harmless(connection.server) << (connection.tls ? ", TLS" : "")
                << (connection.tls && !connection.tls->cert_file.empty() ? ", certificate " + Harmless(connection.tls->cert_file)
                                                                         : "")
                << (connection.token_file.empty() ? "" : ", token from " + Harmless(connection.token_file)) << '\n';
  }
  if (saved.contexts.empty()) Say(context, "no context is saved: demarche context add NAME --server HOST:PORT");
}

}  // namespace

ExitCode ManageContexts(Context& context, const ContextArguments& arguments) {
  const auto fail = [&context](const absl::Status& status, ExitCode code) {
    Say(context, Harmless(std::string(status.message())));
    return code;
  };
  const absl::StatusOr<std::string> path = ContextsPath();
  if (!path.ok()) return fail(path.status(), kExitUsage);
  absl::StatusOr<SavedContexts> saved = LoadContexts(*path);
  if (!saved.ok()) return fail(saved.status(), kExitUsage);
  if (arguments.action == ContextAction::kList) {
    List(context, *saved);
    return kExitOk;
  }
  if (arguments.action == ContextAction::kAdd) {
    saved->contexts.insert_or_assign(arguments.name, ConnectionOf(context));
    if (arguments.is_selected) saved->selected = arguments.name;
  } else {
    if (const auto found = FindContext(*saved, arguments.name); !found.ok()) return fail(found.status(), kExitUsage);
    if (arguments.action == ContextAction::kSelect) {
      saved->selected = arguments.name;
    } else {
      saved->contexts.erase(arguments.name);
      if (saved->selected == arguments.name) saved->selected.clear();
    }
  }
  if (const absl::Status status = SaveContexts(*path, *saved); !status.ok()) return fail(status, kExitOutput);
  return kExitOk;
}

}  // namespace demarche::cli
