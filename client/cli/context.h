#ifndef DEMARCHE_CLIENT_CLI_CONTEXT_H_
#define DEMARCHE_CLIENT_CLI_CONTEXT_H_

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/time/time.h"
#include "client/cli/exit_code.h"
#include "client/cli/stop.h"
#include "client/cli/terminal.h"
#include "client/cpp/channel.h"
#include "client/cpp/error.h"
#include "grpcpp/client_context.h"

namespace demarche::cli {

// Longest wait for a connection, and for the answer to a single question.
inline constexpr absl::Duration kConnectTimeout = absl::Seconds(5);
inline constexpr absl::Duration kCallTimeout = absl::Seconds(60);

// What every command works with: the server's name, where data and talk go, and when to stop. Lives for one command, on its thread.
struct Context {
  std::string server = client::kDefaultServer;
  std::ostream& out;  // data
  std::ostream& err;  // talk
  Style out_style{false};
  Style err_style{false};
  bool err_is_terminal = false;
  Stop& stop;
  std::string resume_hint = {};  // how to go on when stopped; printed with the reason
  std::optional<client::TlsOptions> tls = {};
  std::string token_file = {};
};

// Runs a unary call that ends when the command is stopped or takes too long.
client::Error Call(Context& context, const std::function<grpc::Status(grpc::ClientContext*)>& call);

// Says on stderr what went wrong, and for a server that cannot be reached how to start one. Returns the exit code.
ExitCode Report(Context& context, const client::Error& error);

// A channel to the server, not yet connected; null, and reported, when the files of TLS or token are wrong. Unless `shared` it has
// a connection of its own.
std::shared_ptr<grpc::Channel> OpenChannel(Context& context, bool shared = true);

// A channel that is connected; null, and reported, when there is none.
std::shared_ptr<grpc::Channel> ConnectOrReport(Context& context);

// One line on stderr, as `demarche: ...`.
void Say(Context& context, const std::string& text);

// Why the connection ended, and when there will be another.
void SayReconnect(Context& context, const client::Error& error, absl::Duration wait);

// The exit code in the end: that of the command, unless it was stopped or stdout failed.
ExitCode Conclude(Context& context, ExitCode code);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_CONTEXT_H_
