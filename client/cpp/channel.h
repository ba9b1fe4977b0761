#ifndef DEMARCHE_CLIENT_CPP_CHANNEL_H_
#define DEMARCHE_CLIENT_CPP_CHANNEL_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"

namespace demarche::client {

inline constexpr char kDefaultServer[] = "127.0.0.1:7345";

// Files in PEM. What is empty is left out.
struct TlsOptions {
  std::string ca_file = {};    // whose certificates are believed; those of the system when empty
  std::string cert_file = {};  // who we are, for a server that asks; with key_file
  std::string key_file = {};
  std::string server_name = {};  // the name expected in the server's certificate, where it is not the host of the address

  bool operator==(const TlsOptions&) const = default;
};

// How to reach a server.
struct ChannelOptions {
  std::string server = kDefaultServer;  // HOST:PORT
  std::optional<TlsOptions> tls = {};   // plaintext without
  std::string token_file = {};          // its first line is sent as bearer token; read at each call, so that a token can be rotated
  bool shares_connection = true;        // with other channels of equal options; it carries 100 calls at a time, more wait
};

// A channel with the keepalive and message limits that the server permits. It connects when it is first used. Errors: a file that
// cannot be read; a token that would go over the network in plaintext.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const ChannelOptions& options);

// A plaintext channel to HOST:PORT.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& server);

// Waits until the channel is connected. False when the first attempt failed or `timeout` passed.
bool Connect(grpc::Channel& channel, absl::Duration timeout);

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_CHANNEL_H_
