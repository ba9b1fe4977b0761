#ifndef DEMARCHE_CLIENT_CLI_MAN_PAGE_H_
#define DEMARCHE_CLIENT_CLI_MAN_PAGE_H_

#include <string>

#include "CLI/CLI.hpp"

namespace demarche::cli {

// The manual page of the program in roff: every command, option and variable of `app`, and its exit codes.
std::string ManPage(const CLI::App& app);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_MAN_PAGE_H_
