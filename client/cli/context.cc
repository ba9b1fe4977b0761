#include "client/cli/context.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace demarche::cli {
namespace {

bool ReaderGone() {
  pollfd out{STDOUT_FILENO, 0, 0};
  return poll(&out, 1, 0) > 0 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

}  // namespace

client::Error Call(Context& context, const std::function<grpc::Status(grpc::ClientContext*)>& call) {
  grpc::ClientContext rpc;
  rpc.set_deadline(absl::ToChronoTime(absl::Now() + kCallTimeout));
  OnStop cancel(context.stop, [&rpc] { rpc.TryCancel(); });
  return client::DecodeError(call(&rpc));
}

ExitCode Report(Context& context, const client::Error& error) {
  const ExitCode code = ExitCodeOf(error);
  if (code == kExitOk || context.stop.requested()) return code;
  if (client::IsUnreachable(error)) {
    Say(context, absl::StrCat("no answer from a server at ", context.server, " (", error.message,
                              "): start one with `demarched serve --listen ", context.server,
                              "`, or name another with --server HOST:PORT or DEMARCHE_SERVER"));
  } else {
    Say(context, Harmless(client::Describe(error)));
  }
  return code;
}

std::shared_ptr<grpc::Channel> OpenChannel(Context& context, bool shared) {
  auto channel = client::MakeChannel(
      {.server = context.server, .tls = context.tls, .token_file = context.token_file, .shares_connection = shared});
  if (channel.ok()) return *channel;
  Say(context, Harmless(std::string(channel.status().message())));
  return nullptr;
}

std::shared_ptr<grpc::Channel> ConnectOrReport(Context& context) {
  std::shared_ptr<grpc::Channel> channel = OpenChannel(context);
  if (!channel || client::Connect(*channel, kConnectTimeout)) return channel;
  const char* cause = context.tls ? "cannot connect with TLS: is it a TLS port, and its certificate signed by the CA given?"
                                  : "cannot connect without TLS: if the server wants it, give --ca FILE";
  Report(context, client::Error{.code = grpc::StatusCode::UNAVAILABLE, .message = cause});
  return nullptr;
}

void Say(Context& context, const std::string& text) {
  context.err << context.err_style(Paint::kDim, "demarche:") << ' ' << text << '\n' << std::flush;
}

void SayReconnect(Context& context, const client::Error& error, absl::Duration wait) {
  const std::string cause =
      client::IsUnreachable(error) ? absl::StrCat("no connection to ", context.server) : Harmless(client::Describe(error));
  Say(context, absl::StrCat(cause, "; trying again in ", absl::FormatDuration(absl::Trunc(wait, absl::Milliseconds(1)))));
}

ExitCode Conclude(Context& context, ExitCode code) {
  context.out.flush();
  if (context.stop.reason() == StopReason::kReaderGone) return kExitOk;
  if (!context.out) {
    errno = 0;
    context.out.clear();
    context.out.flush();  // once more, for the cause
    if (errno == EPIPE || ReaderGone()) return kExitOk;
    Say(context, absl::StrCat("cannot write to stdout: ", errno == 0 ? "output error" : std::strerror(errno)));
    return kExitOutput;
  }
  const StopReason reason = context.stop.reason();
  if (reason == StopReason::kNone) return code;
  Say(context, absl::StrCat(reason == StopReason::kInterrupt ? "interrupted" : "terminated",
                            context.resume_hint.empty() ? "" : "; ", context.resume_hint));
  return reason == StopReason::kInterrupt ? kExitInterrupted : kExitTerminated;
}

}  // namespace demarche::cli
