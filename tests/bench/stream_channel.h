#ifndef DEMARCHE_TESTS_BENCH_STREAM_CHANNEL_H_
#define DEMARCHE_TESTS_BENCH_STREAM_CHANNEL_H_

#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"

namespace demarche::bench {

// A connection of its own, which takes messages of any size.
inline std::shared_ptr<grpc::Channel> Dial(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt("grpc.use_local_subchannel_pool", 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace demarche::bench

#endif  // DEMARCHE_TESTS_BENCH_STREAM_CHANNEL_H_
