#ifndef DEMARCHE_CLIENT_CLI_COMPLETION_H_
#define DEMARCHE_CLIENT_CLI_COMPLETION_H_

#include <string>

#include "CLI/CLI.hpp"

namespace demarche::cli {

// Adds `completion SHELL`, which writes a script for the shell, bash or zsh, that completes every command, option and listed value
// of `app` into `script`. After all other commands are added.
void AddCompletion(CLI::App& app, std::string& script);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_COMPLETION_H_
