#include "client/cpp/channel.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/file.h"
#include "client/cpp/token.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace demarche::client {
namespace {

// The server permits a ping every 10 s.
constexpr int kKeepaliveTimeMs = 20'000;
constexpr int kKeepaliveTimeoutMs = 10'000;
// The callers have waits of their own between attempts.
constexpr int kMaxReconnectBackoffMs = 2'000;
// A page of 1,000 events of the largest size.
constexpr int kMaxReceiveBytes = 64 << 20;

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectBackoffMs);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  return arguments;
}

bool IsLoopback(const std::string& server) {
  const std::string host = server.substr(0, server.rfind(':'));
  return host == "localhost" || absl::StartsWith(host, "127.") || host == "[::1]";
}

absl::Status ReadInto(const std::string& path, std::string* text) {
  if (path.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> read = ReadFile(path);
  if (!read.ok()) return read.status();
  *text = *std::move(read);
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(const std::optional<TlsOptions>& tls) {
  if (!tls) return grpc::InsecureChannelCredentials();
  if (tls->cert_file.empty() != tls->key_file.empty()) {
    return absl::InvalidArgumentError("a client's certificate and its key go together: one of the two files is missing");
  }
  grpc::SslCredentialsOptions ssl;
  for (const auto& [path, text] : {std::pair{&tls->ca_file, &ssl.pem_root_certs},
                                   {&tls->cert_file, &ssl.pem_cert_chain},
                                   {&tls->key_file, &ssl.pem_private_key}}) {
    if (absl::Status status = ReadInto(*path, text); !status.ok()) return status;
  }
  return grpc::SslCredentials(ssl);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const ChannelOptions& options) {
  if (!options.token_file.empty()) {
    if (!options.tls && !IsLoopback(options.server)) {
      return absl::InvalidArgumentError(
          absl::StrCat("the token would cross the network to ", options.server, " in plaintext: use TLS"));
    }
    if (const auto token = ReadToken(options.token_file); !token.ok()) return token.status();
  }
  auto credentials = Credentials(options.tls);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments = Arguments();
  if (!options.shares_connection) arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (options.tls && !options.tls->server_name.empty()) arguments.SetSslTargetNameOverride(options.tls->server_name);
  if (options.token_file.empty()) return grpc::CreateCustomChannel(options.server, *credentials, arguments);
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(MakeTokenInterceptor(options.token_file));
  return grpc::experimental::CreateCustomChannelWithInterceptors(options.server, *credentials, arguments, std::move(interceptors));
}

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& server) {
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), Arguments());
}

bool Connect(grpc::Channel& channel, absl::Duration timeout) {
  const auto deadline = absl::ToChronoTime(absl::Now() + timeout);
  grpc_connectivity_state state = channel.GetState(/*try_to_connect=*/true);
  while (state != GRPC_CHANNEL_READY) {
    if (state == GRPC_CHANNEL_TRANSIENT_FAILURE || state == GRPC_CHANNEL_SHUTDOWN) return false;
    if (!channel.WaitForStateChange(state, deadline)) return false;
    state = channel.GetState(/*try_to_connect=*/true);
  }
  return true;
}

}  // namespace demarche::client
