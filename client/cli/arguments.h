#ifndef DEMARCHE_CLIENT_CLI_ARGUMENTS_H_
#define DEMARCHE_CLIENT_CLI_ARGUMENTS_H_

#include <optional>
#include <ostream>
#include <string>
#include <variant>

#include "client/cli/bench.h"
#include "client/cli/classify.h"
#include "client/cli/context_command.h"
#include "client/cli/events.h"
#include "client/cli/history.h"
#include "client/cli/publish.h"
#include "client/cli/retract.h"
#include "client/cli/saved_contexts.h"
#include "client/cli/sub.h"
#include "client/cli/terminal.h"
#include "client/cli/top.h"
#include "client/cli/watch.h"
#include "client/cli/who.h"

namespace demarche::cli {

struct DoctorArguments {};

// The command line, checked.
struct Arguments {
  SavedContext connection = {};
  ColorMode color = ColorMode::kAuto;
  std::variant<DoctorArguments, BenchArguments, PublishArguments, RetractArguments, WatchArguments, ClassifyArguments,
               GetEventArguments, ListEventsArguments, HistoryArguments, WhoArguments, SubArguments, ContextArguments, TopArguments>
      command;
};

// Reads the command line, the environment and the saved contexts. Nothing when there is nothing to run: help was printed, or an
// error; `exit_code` says which.
std::optional<Arguments> ParseArguments(int argc, const char* const* argv, std::ostream& out, std::ostream& err,
                                        ExitCode* exit_code);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_ARGUMENTS_H_
