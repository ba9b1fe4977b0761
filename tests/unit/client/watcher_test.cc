#include "client/cpp/watcher.h"

#include <string>
#include <thread>
#include <vector>

#include "client/cpp/channel.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/client/fake_service.h"

namespace demarche::client {
namespace {

using ::testing::ElementsAre;

const grpc::Status kDraining = MakeStatus(grpc::StatusCode::UNAVAILABLE, "going", "DRAINING");

// Reads to the end; the ids of the events.
std::vector<std::string> ReadIds(Watcher& watcher) {
  std::vector<std::string> ids;
  v1::WatchEventsResponse response;
  while (watcher.Read(&response)) {
    for (const v1::DiplomaticEvent& event : response.event_batch().events()) ids.push_back(event.event_id());
  }
  return ids;
}

WatchOptions FromEarliest(bool reconnect) {
  WatchOptions options;
  options.request.mutable_start()->set_earliest(true);
  options.reconnect = reconnect;
  options.backoff = {.first = absl::Microseconds(10), .longest = absl::Microseconds(20)};
  return options;
}

TEST(Watcher, ResumesAfterTheLastPositionWithoutGapOrRepeat) {
  FakeServer server;
  server.events.scripts = {
      {.messages = {StartedAt("p0"), BatchOf("p1", CallEvent("a"))}, .end = kDraining},
      {.messages = {}, .end = grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut")},
      {.messages = {StartedAt("p1"), BatchOf("p2", CallEvent("b")), CaughtUpAt("p3")}, .end = grpc::Status::OK},
      {.messages = {}, .end = MakeStatus(grpc::StatusCode::OUT_OF_RANGE, "too old", "CURSOR_EXPIRED")}};
  WatchOptions options = FromEarliest(/*reconnect=*/true);
  std::vector<std::string> causes;
  options.on_reconnect = [&causes](const Error& error, absl::Duration) { causes.push_back(error.message); };
  Watcher watcher(MakeChannel(server.address()), options);
  EXPECT_THAT(ReadIds(watcher), ElementsAre("a", "b"));
  EXPECT_EQ(watcher.error().reason, "CURSOR_EXPIRED");
  EXPECT_THAT(causes, ElementsAre("going", "cut", "the server ended the stream"));
  std::vector<std::string> starts;
  for (const auto& request : server.events.requests()) starts.push_back(request.start().ShortDebugString());
  EXPECT_THAT(starts, ElementsAre("earliest: true", "after: \"p1\"", "after: \"p1\"", "after: \"p3\""));
}

TEST(Watcher, EndsAtTheFirstBreakUnlessToldToReconnect) {
  FakeServer server;
  server.events.scripts = {{.messages = {StartedAt("p0"), BatchOf("p1", CallEvent("a"))}, .end = grpc::Status::OK}};
  Watcher watcher(MakeChannel(server.address()), FromEarliest(/*reconnect=*/false));
  EXPECT_THAT(ReadIds(watcher), ElementsAre("a"));
  EXPECT_EQ(watcher.error().code, grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(watcher.position(), "p1");
}

TEST(Watcher, CancelEndsAWaitForTheNextAttempt) {
  WatchOptions options = FromEarliest(/*reconnect=*/true);
  options.backoff = {.first = absl::Hours(1), .longest = absl::Hours(1)};
  Watcher* watching = nullptr;
  std::thread cancel;
  options.on_reconnect = [&](const Error&, absl::Duration) { cancel = std::thread([&] { watching->Cancel(); }); };
  Watcher watcher(MakeChannel("127.0.0.1:1"), options);
  watching = &watcher;
  v1::WatchEventsResponse response;
  EXPECT_FALSE(watcher.Read(&response));
  cancel.join();
}

TEST(Watcher, CancelEndsARead) {
  FakeServer server;
  server.events.scripts = {{.messages = {StartedAt("p0")}, .end = grpc::Status::OK, .stay = true}};
  Watcher watcher(MakeChannel(server.address()), FromEarliest(/*reconnect=*/true));
  v1::WatchEventsResponse response;
  ASSERT_TRUE(watcher.Read(&response));
  std::thread cancel([&] { watcher.Cancel(); });
  EXPECT_FALSE(watcher.Read(&response));
  EXPECT_EQ(watcher.error().code, grpc::StatusCode::CANCELLED);
  cancel.join();
}

TEST(Backoff, GrowsToItsBoundAndWaitsWhatTheServerAsks) {
  Backoff backoff({.first = absl::Seconds(1), .longest = absl::Seconds(4)});
  for (const int most_s : {1, 2, 4, 4}) {
    const absl::Duration wait = backoff.Next();
    EXPECT_GE(wait, absl::Seconds(most_s) / 2);
    EXPECT_LE(wait, absl::Seconds(most_s));
  }
  EXPECT_GE(backoff.Next(absl::Seconds(60)), absl::Seconds(60));
  backoff.Reset();
  EXPECT_LE(backoff.Next(), absl::Seconds(1));
}

}  // namespace
}  // namespace demarche::client
