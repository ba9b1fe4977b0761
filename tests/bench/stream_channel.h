#ifndef DEMARCHE_TESTS_BENCH_STREAM_CHANNEL_H_
#define DEMARCHE_TESTS_BENCH_STREAM_CHANNEL_H_

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"

namespace demarche::bench {

inline std::string ContentOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The files of a server in a directory, see MakeCertificate.
inline constexpr char kCertificateFile[] = "/cert.pem";
inline constexpr char kKeyFile[] = "/key.pem";

// A connection of its own, which takes messages of any size; over TLS when the directory of the server's certificate is given.
inline std::shared_ptr<grpc::Channel> Dial(const std::string& address, const std::string& tls = "") {
  grpc::ChannelArguments arguments;
  arguments.SetInt("grpc.use_local_subchannel_pool", 1);
  arguments.SetMaxReceiveMessageSize(-1);
  if (tls.empty()) return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  arguments.SetSslTargetNameOverride("localhost");
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ContentOf(tls + kCertificateFile);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(options), arguments);
}

}  // namespace demarche::bench

#endif  // DEMARCHE_TESTS_BENCH_STREAM_CHANNEL_H_
