#ifndef DEMARCHE_CLIENT_CLI_SUB_ARGUMENTS_H_
#define DEMARCHE_CLIENT_CLI_SUB_ARGUMENTS_H_

#include <functional>
#include <memory>

#include "CLI/CLI.hpp"
#include "client/cli/sub.h"

namespace demarche::cli {

// Adds `sub` and what is below it. `take` is told the command that was given, checked.
void AddSub(CLI::App& app, const std::string& footer, const std::function<void(SubArguments)>& take);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_SUB_ARGUMENTS_H_
