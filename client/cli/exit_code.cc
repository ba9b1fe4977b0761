#include "client/cli/exit_code.h"

namespace demarche::cli {

const char kExitCodeHelp[] =
    "Exit codes:\n"
    "  0    all went well (also when the reader of stdout went away)\n"
    "  1    some items or answers were bad: rejected, unreadable, unknown, or a check of doctor failed\n"
    "  2    the command line is wrong\n"
    "  3    the server cannot be reached (or not so: TLS, token file), is starting or shutting down, or the connection broke\n"
    "  4    the server refused the call\n"
    "  5    stdout, or the cursor file, cannot be written\n"
    "  130  interrupted (SIGINT)\n"
    "  143  terminated (SIGTERM)";

ExitCode ExitCodeOf(const client::Error& error) {
  if (error.ok()) return kExitOk;
  const bool away = client::IsUnreachable(error) || error.code == grpc::StatusCode::DEADLINE_EXCEEDED ||
                    error.reason == "DRAINING" || error.reason == "NOT_READY";
  return away ? kExitUnreachable : kExitRefused;
}

}  // namespace demarche::cli
