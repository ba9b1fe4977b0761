#include "client/cpp/channel.h"

#include <fstream>
#include <string>

#include "client/cpp/error.h"
#include "demarche/v1/admin_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_directory.h"

namespace demarche::client {
namespace {

using ::testing::HasSubstr;

// Answers with the authorization that came with the call.
class Mirror : public v1::AdminService::Service {
 public:
  grpc::Status GetPipelineStatus(grpc::ServerContext* context, const v1::GetPipelineStatusRequest*,
                                 v1::GetPipelineStatusResponse* response) override {
    const auto found = context->client_metadata().find("authorization");
    if (found != context->client_metadata().end())
      response->set_server_version(std::string(found->second.data(), found->second.size()));
    return grpc::Status::OK;
  }
};

TEST(Channel, SendsTheTokenThatTheFileHoldsNow) {
  Mirror mirror;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&mirror);
  const auto server = builder.BuildAndStart();
  const support::TemporaryDirectory directory;
  const std::string path = directory / "token";
  std::ofstream(path) << "first\n";
  const auto channel = MakeChannel(ChannelOptions{.server = "127.0.0.1:" + std::to_string(port), .token_file = path});
  ASSERT_TRUE(channel.ok()) << channel.status();
  for (const char* token : {"first", "second"}) {
    std::ofstream(path) << token << "\n";
    grpc::ClientContext context;
    v1::GetPipelineStatusResponse response;
    ASSERT_TRUE(v1::AdminService::NewStub(*channel)->GetPipelineStatus(&context, {}, &response).ok());
    EXPECT_EQ(response.server_version(), std::string("Bearer ") + token);
  }
}

TEST(Channel, RefusesWhatCannotWorkAndSaysWhy) {
  const support::TemporaryDirectory directory;
  const std::string token = directory / "token";
  std::ofstream(token) << "secret\n";
  EXPECT_THAT(MakeChannel(ChannelOptions{.server = "example.com:1", .token_file = token}).status().message(),
              HasSubstr("plaintext"));
  EXPECT_THAT(MakeChannel(ChannelOptions{.token_file = token + "x"}).status().message(), HasSubstr(token + "x: No such file"));
  EXPECT_THAT(MakeChannel(ChannelOptions{.tls = TlsOptions{.ca_file = "/nonexistent"}}).status().message(),
              HasSubstr("/nonexistent"));
  EXPECT_THAT(MakeChannel(ChannelOptions{.tls = TlsOptions{.cert_file = token}}).status().message(),
              HasSubstr("one of the two files is missing"));
}

}  // namespace
}  // namespace demarche::client
