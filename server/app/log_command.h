#ifndef DEMARCHE_SERVER_APP_LOG_COMMAND_H_
#define DEMARCHE_SERVER_APP_LOG_COMMAND_H_

#include "CLI/CLI.hpp"

namespace demarche::app {

// `demarched log ...`: what can be done to a log without a server. Sets the exit code when it has run.
void AddLogCommand(CLI::App& app, int& code);

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_LOG_COMMAND_H_
