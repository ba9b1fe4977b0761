#ifndef DEMARCHE_CLIENT_CLI_ARGUMENTS_GLOBAL_H_
#define DEMARCHE_CLIENT_CLI_ARGUMENTS_GLOBAL_H_

#include <string>

#include "CLI/CLI.hpp"
#include "client/cli/context_command.h"
#include "client/cli/saved_contexts.h"
#include "client/cli/terminal.h"

namespace demarche::cli {

// What the help of every command says of the options of all.
extern const char kGlobalHelp[];

// The options of all commands, as given; the environment counts as given.
struct GlobalOptions {
  std::string context = {};
  std::string server = client::kDefaultServer;
  bool uses_tls = false;
  client::TlsOptions tls = {};
  std::string token_file = {};
  std::string color = "auto";

  ColorMode color_mode() const;
};

// Adds them; `options` outlives the parsing.
void AddGlobal(CLI::App& app, GlobalOptions& options);

// Adds `context` and its commands, which fill `arguments` and then call `done`. Both outlive the parsing.
void AddContext(CLI::App& app, ContextArguments& arguments, const std::function<void()>& done);

// How to reach the server. What was typed comes before the context that was typed (`--context`), that before the environment, and
// that before the context that is selected, which is left aside where a server is named, so that its token goes to no other. Throws
// CLI::ValidationError where there is no such context or the contexts cannot be read.
SavedContext ResolveConnection(const CLI::App& app, const GlobalOptions& options, bool uses_selected, int argc,
                               const char* const* argv);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_ARGUMENTS_GLOBAL_H_
