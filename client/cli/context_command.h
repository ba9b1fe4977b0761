#ifndef DEMARCHE_CLIENT_CLI_CONTEXT_COMMAND_H_
#define DEMARCHE_CLIENT_CLI_CONTEXT_COMMAND_H_

#include <string>

#include "client/cli/context.h"

namespace demarche::cli {

enum class ContextAction { kAdd, kSelect, kList, kRemove };

// `demarche context ...`. What is added is the connection of the Context that the command runs with.
struct ContextArguments {
  ContextAction action = ContextAction::kList;
  std::string name = {};
  bool is_selected = false;  // kAdd: from now on, too
};

// Adds, selects, lists or removes saved contexts. Asks no server.
ExitCode ManageContexts(Context& context, const ContextArguments& arguments);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_CONTEXT_COMMAND_H_
