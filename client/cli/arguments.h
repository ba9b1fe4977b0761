#ifndef DEMARCHE_CLIENT_CLI_ARGUMENTS_H_
#define DEMARCHE_CLIENT_CLI_ARGUMENTS_H_

#include <optional>
#include <ostream>
#include <string>
#include <variant>

#include "client/cli/bench.h"
#include "client/cli/classify.h"
#include "client/cli/events.h"
#include "client/cli/history.h"
#include "client/cli/publish.h"
#include "client/cli/sub.h"
#include "client/cli/terminal.h"
#include "client/cli/watch.h"
#include "client/cli/who.h"

namespace demarche::cli {

struct DoctorArguments {};

// The command line, checked.
struct Arguments {
  std::string server = client::kDefaultServer;
  std::optional<client::TlsOptions> tls = {};
  std::string token_file = {};
  ColorMode color = ColorMode::kAuto;
  std::variant<DoctorArguments, BenchArguments, PublishArguments, WatchArguments, ClassifyArguments, GetEventArguments,
               ListEventsArguments, HistoryArguments, WhoArguments, SubArguments>
      command;
};

// Reads the command line and DEMARCHE_SERVER. Nothing when there is nothing to run: help was printed, or an error; `exit_code` says
// which.
std::optional<Arguments> ParseArguments(int argc, const char* const* argv, std::ostream& out, std::ostream& err,
                                        ExitCode* exit_code);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_ARGUMENTS_H_
