#ifndef DEMARCHE_CLIENT_CLI_USAGE_FAULT_H_
#define DEMARCHE_CLIENT_CLI_USAGE_FAULT_H_

#include <string>

#include "CLI/CLI.hpp"

namespace demarche::cli {

// What is wrong with a command line, in one line: for a command or an option that does not exist with the one that was likely
// meant.
std::string UsageFault(const CLI::App* app, const CLI::Error& error);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_USAGE_FAULT_H_
