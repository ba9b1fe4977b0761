#include "server/listen/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace demarche::listen {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::chrono::milliseconds kSendTimeout{5000};

TEST(Listen, TellsThePortThatItTook) {
  const auto listener = Listen("127.0.0.1:0", kSendTimeout);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_THAT(listener->sockets, SizeIs(1));
  EXPECT_THAT(listener->address, StartsWith("127.0.0.1:"));
  EXPECT_THAT(listener->address, Not(EndsWith(":0")));
}

TEST(Listen, ANameHasOnePortOnAllItsAddresses) {
  const auto listener = Listen("localhost:0", kSendTimeout);
  ASSERT_TRUE(listener.ok()) << listener.status();
  const auto rival = Listen("127.0.0.1" + listener->address.substr(listener->address.rfind(':')), kSendTimeout);
  EXPECT_EQ(rival.status().code(), absl::StatusCode::kUnavailable);
}

TEST(Listen, RefusesAPortThatIsTaken) {
  const auto listener = Listen("127.0.0.1:0", kSendTimeout);
  ASSERT_TRUE(listener.ok()) << listener.status();
  const auto rival = Listen(listener->address, kSendTimeout);
  EXPECT_EQ(rival.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(rival.status().message()),
              HasSubstr("cannot listen on " + listener->address + ": Address already in use"));
}

TEST(Listen, RefusesAnAddressOfAnotherMachine) {
  const auto listener = Listen("192.0.2.1:0", kSendTimeout);
  EXPECT_EQ(listener.status().code(), absl::StatusCode::kUnavailable);
}

TEST(Listen, RefusesWhatIsNoHostAndPort) {
  for (const char* text :
       {"", "127.0.0.1", ":1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:-1", "127.0.0.1:65536", "unix:/run/socket"}) {
    EXPECT_EQ(Listen(text, kSendTimeout).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace demarche::listen
