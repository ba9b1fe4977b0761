#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <variant>

#include "client/cli/arguments.h"
#include "client/cli/bench.h"
#include "client/cli/doctor.h"
#include "client/cli/signals.h"

namespace demarche::cli {
namespace {

struct Run {
  Context& context;

  ExitCode operator()(const BenchArguments& arguments) { return Bench(context, arguments); }
  ExitCode operator()(const DoctorArguments&) { return Doctor(context); }
  ExitCode operator()(const PublishArguments& arguments) { return Publish(context, arguments); }
  ExitCode operator()(const RetractArguments& arguments) { return Retract(context, arguments); }
  ExitCode operator()(const WatchArguments& arguments) { return Watch(context, arguments); }
  ExitCode operator()(const ClassifyArguments& arguments) { return Classify(context, arguments); }
  ExitCode operator()(const GetEventArguments& arguments) { return GetEvent(context, arguments); }
  ExitCode operator()(const ListEventsArguments& arguments) { return ListEvents(context, arguments); }
  ExitCode operator()(const HistoryArguments& arguments) { return History(context, arguments); }
  ExitCode operator()(const ContextArguments& arguments) { return ManageContexts(context, arguments); }
  ExitCode operator()(const SubArguments& arguments) { return Sub(context, arguments); }
  ExitCode operator()(const TopArguments& arguments) { return Top(context, arguments, isatty(STDOUT_FILENO) == 1); }
  ExitCode operator()(const WhoArguments& arguments) { return Who(context, arguments); }
};

// Where one of the standard streams is closed, the next file opened would take its place.
void FillStandardStreams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) < 0) open("/dev/null", O_RDONLY);  // takes the lowest free number; writes to it fail
  }
}

int Main(int argc, const char* const* argv) {
  FillStandardStreams();
  // What gRPC itself says on stderr is for its developers; what matters comes as a status.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  std::ios::sync_with_stdio(false);
  ExitCode code = kExitOk;
  const auto arguments = ParseArguments(argc, argv, std::cout, std::cerr, &code);
  if (!arguments) return code;
  Stop stop;
  Signals signals(stop);
  Context context{.server = arguments->connection.server,
                  .out = std::cout,
                  .err = std::cerr,
                  .out_style = Style(UseColor(arguments->color, STDOUT_FILENO)),
                  .err_style = Style(UseColor(arguments->color, STDERR_FILENO)),
                  .err_is_terminal = isatty(STDERR_FILENO) == 1,
                  .stop = stop,
                  .tls = arguments->connection.tls,
                  .token_file = arguments->connection.token_file};
  return Conclude(context, std::visit(Run{context}, arguments->command));
}

}  // namespace
}  // namespace demarche::cli

int main(int argc, char** argv) { return demarche::cli::Main(argc, argv); }
