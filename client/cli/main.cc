#include <unistd.h>

#include <iostream>

#include "client/cli/arguments.h"
#include "client/cli/doctor.h"
#include "client/cli/signals.h"

namespace demarche::cli {
namespace {

struct Run {
  Context& context;

  ExitCode operator()(const DoctorArguments&) { return Doctor(context); }
  ExitCode operator()(const PublishArguments& arguments) { return Publish(context, arguments); }
  ExitCode operator()(const WatchArguments& arguments) { return Watch(context, arguments); }
  ExitCode operator()(const ClassifyArguments& arguments) { return Classify(context, arguments); }
  ExitCode operator()(const GetEventArguments& arguments) { return GetEvent(context, arguments); }
  ExitCode operator()(const ListEventsArguments& arguments) { return ListEvents(context, arguments); }
};

int Main(int argc, const char* const* argv) {
  std::ios::sync_with_stdio(false);
  ExitCode code = kExitOk;
  const auto arguments = ParseArguments(argc, argv, std::cout, std::cerr, &code);
  if (!arguments) return code;
  Stop stop;
  Signals signals(stop);
  Context context{.server = arguments->server,
                  .out = std::cout,
                  .err = std::cerr,
                  .out_style = Style(UseColor(arguments->color, STDOUT_FILENO)),
                  .err_style = Style(UseColor(arguments->color, STDERR_FILENO)),
                  .err_is_terminal = isatty(STDERR_FILENO) == 1,
                  .stop = stop};
  return Conclude(context, std::visit(Run{context}, arguments->command));
}

}  // namespace
}  // namespace demarche::cli

int main(int argc, char** argv) { return demarche::cli::Main(argc, argv); }
