#ifndef DEMARCHE_SERVER_APP_TOKEN_COMMAND_H_
#define DEMARCHE_SERVER_APP_TOKEN_COMMAND_H_

#include "CLI/CLI.hpp"

namespace demarche::app {

// Adds `token add|list|revoke`; `code` is set to the exit code when it runs.
void AddTokenCommand(CLI::App& app, int& code);

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_TOKEN_COMMAND_H_
