#ifndef DEMARCHE_CLIENT_CLI_EXIT_CODE_H_
#define DEMARCHE_CLIENT_CLI_EXIT_CODE_H_

#include "client/cpp/error.h"

namespace demarche::cli {

// Exit codes, as `demarche --help` documents them.
enum ExitCode : int {
  kExitOk = 0,
  kExitSomeBad = 1,      // an item was rejected or could not be read, a name is unknown, a check of doctor failed
  kExitUsage = 2,        // the command line is wrong
  kExitUnreachable = 3,  // no server answers, it comes or goes, or the connection broke
  kExitRefused = 4,      // the server answered with an error
  kExitOutput = 5,       // stdout, or the cursor file, cannot be written
  kExitInterrupted = 130,
  kExitTerminated = 143,
};

// The part of the help text that explains them.
extern const char kExitCodeHelp[];

ExitCode ExitCodeOf(const client::Error& error);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_EXIT_CODE_H_
