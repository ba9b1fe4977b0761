#ifndef DEMARCHE_CLIENT_CPP_CHANNEL_H_
#define DEMARCHE_CLIENT_CPP_CHANNEL_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "grpcpp/channel.h"

namespace demarche::client {

inline constexpr char kDefaultServer[] = "127.0.0.1:7345";

// A plaintext channel to HOST:PORT. It connects when it is first used.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& server);

// Waits until the channel is connected. False when the first attempt failed or `timeout` passed.
bool Connect(grpc::Channel& channel, absl::Duration timeout);

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_CHANNEL_H_
