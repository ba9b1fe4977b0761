#include "client/cli/arguments_global.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/numbers.h"

namespace demarche::cli {

const char kGlobalHelp[] =
    "Every command also takes:\n"
    "  --server HOST:PORT          the server (env DEMARCHE_SERVER, default 127.0.0.1:7345)\n"
    "  --tls, --ca FILE            speak TLS, believing the system's authorities or those of the file (env DEMARCHE_CA)\n"
    "  --cert FILE, --key FILE     who we are, for a server that asks (env DEMARCHE_CERT, DEMARCHE_KEY)\n"
    "  --token-file FILE           send its first line as token (env DEMARCHE_TOKEN_FILE)\n"
    "  --context NAME              all of these as saved by `demarche context add` (env DEMARCHE_CONTEXT)\n"
    "  --color auto|always|never   colour on stdout and stderr (NO_COLOR is respected)";

namespace {

std::string CheckServer(const std::string& text) {
  const size_t colon = text.rfind(':');
  int port = 0;
  const bool good =
      colon != std::string::npos && colon > 0 && absl::SimpleAtoi(text.substr(colon + 1), &port) && port >= 1 && port <= 65535;
  return good ? "" : "'" + text + "' is not HOST:PORT with a port from 1 to 65535";
}

// An option that was typed, not taken from the environment.
bool IsTyped(const std::string& name, int argc, const char* const* argv) {
  return std::any_of(argv, argv + argc,
                     [&name](std::string_view word) { return word == name || word.substr(0, name.size() + 1) == name + "="; });
}

SavedContext Load(const std::string& name) {
  const absl::StatusOr<std::string> path = ContextsPath();
  if (!path.ok()) {
    if (name.empty()) return SavedContext();
    throw CLI::ValidationError("--context", std::string(path.status().message()));
  }
  const absl::StatusOr<SavedContexts> saved = LoadContexts(*path);
  if (!saved.ok()) throw CLI::ValidationError("--context", std::string(saved.status().message()));
  const std::string& wanted = name.empty() ? saved->selected : name;
  if (wanted.empty()) return SavedContext();
  absl::StatusOr<SavedContext> found = FindContext(*saved, wanted);
  if (!found.ok()) throw CLI::ValidationError("--context", std::string(found.status().message()));
  return *std::move(found);
}

}  // namespace

ColorMode GlobalOptions::color_mode() const {
  if (color == "always") return ColorMode::kAlways;
  return color == "never" ? ColorMode::kNever : ColorMode::kAuto;
}

void AddGlobal(CLI::App& app, GlobalOptions& options) {
  app.add_option("--server", options.server, "The server")
      ->envname("DEMARCHE_SERVER")
      ->check(CheckServer)
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_flag("--tls", options.uses_tls, "Speak TLS");
  app.add_option("--ca", options.tls.ca_file, "Certificates of the authorities to believe")
      ->envname("DEMARCHE_CA")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  auto* cert =
      app.add_option("--cert", options.tls.cert_file, "Our certificate")->envname("DEMARCHE_CERT")->check(CLI::ExistingFile);
  auto* key = app.add_option("--key", options.tls.key_file, "Its key")->envname("DEMARCHE_KEY")->check(CLI::ExistingFile);
  cert->needs(key)->type_name("FILE");
  key->needs(cert)->type_name("FILE");
  app.add_option("--token-file", options.token_file, "A file whose first line is the token")
      ->envname("DEMARCHE_TOKEN_FILE")
      ->check(CLI::ExistingFile)
      ->type_name("FILE");
  app.add_option("--context", options.context, "Server, TLS and token as saved under this name")
      ->envname("DEMARCHE_CONTEXT")
      ->check(CheckContextName)
      ->type_name("NAME");
  app.add_option("--color", options.color, "Colour on stdout and stderr")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
}

void AddContext(CLI::App& app, ContextArguments& arguments, const std::function<void()>& done) {
  CLI::App* context = app.add_subcommand("context", "Save under a name how to reach a server")->require_subcommand(1);
  context->footer(kGlobalHelp);
  const auto add = [&](const char* name, const char* help, ContextAction action, bool has_name) {
    CLI::App* command = context->add_subcommand(name, help)->footer(kGlobalHelp);
    if (has_name) command->add_option("NAME", arguments.name, "The context")->required()->check(CheckContextName);
    command->callback([&arguments, done, action] {
      arguments.action = action;
      done();
    });
    return command;
  };
  add("add", "Save --server, --tls, --ca, --cert, --key and --token-file; what had the name is replaced", ContextAction::kAdd, true)
      ->add_flag("--select", arguments.is_selected, "Use it from now on");
  add("select", "Use it from now on, where no server is named", ContextAction::kSelect, true);
  add("ls", "List them; * marks the one that is selected", ContextAction::kList, false);
  add("rm", "Forget it", ContextAction::kRemove, true);
}

SavedContext ResolveConnection(const CLI::App& app, const GlobalOptions& options, bool uses_selected, int argc,
                               const char* const* argv) {
  const bool is_named = IsTyped("--context", argc, argv);
  SavedContext connection;
  if (is_named || (uses_selected && app.count("--server") == 0)) connection = Load(options.context);
  client::TlsOptions tls = connection.tls.value_or(client::TlsOptions());
  const auto take = [&](const char* name, const std::string& given, std::string& target) {
    if (is_named ? IsTyped(name, argc, argv) : app.count(name) > 0) target = given;
  };
  take("--server", options.server, connection.server);
  take("--token-file", options.token_file, connection.token_file);
  take("--ca", options.tls.ca_file, tls.ca_file);
  take("--cert", options.tls.cert_file, tls.cert_file);
  take("--key", options.tls.key_file, tls.key_file);
  if (connection.tls || options.uses_tls || tls != client::TlsOptions()) connection.tls = tls;
  return connection;
}

}  // namespace demarche::cli
