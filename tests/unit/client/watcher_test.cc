#include "client/cpp/watcher.h"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "client/cpp/channel.h"
#include "client/cpp/position_store.h"
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
      {.messages = {}, .end = grpc::Status(grpc::StatusCode::CANCELLED, "")},  // from a server that is just going
      {.messages = {StartedAt("p1"), BatchOf("p2", CallEvent("b")), CaughtUpAt("p3")}, .end = grpc::Status::OK},
      {.messages = {}, .end = MakeStatus(grpc::StatusCode::OUT_OF_RANGE, "too old", "CURSOR_EXPIRED")}};
  WatchOptions options = FromEarliest(/*reconnect=*/true);
  std::vector<std::string> causes;
  options.on_reconnect = [&causes](const Error& error, absl::Duration) { causes.push_back(error.message); };
  Watcher watcher(MakeChannel(server.address()), options);
  EXPECT_THAT(ReadIds(watcher), ElementsAre("a", "b"));
  EXPECT_EQ(watcher.error().reason, "CURSOR_EXPIRED");
  EXPECT_THAT(causes, ElementsAre("going", "cut", "the server ended the stream", "the server ended the stream"));
  std::vector<std::string> starts;
  for (const auto& request : server.events.requests()) starts.push_back(request.start().ShortDebugString());
  EXPECT_THAT(starts, ElementsAre("earliest: true", "after: \"p1\"", "after: \"p1\"", "after: \"p1\"", "after: \"p3\""));
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

// Keeps what is saved; starts with what it is given.
class MemoryPositions : public PositionStore {
 public:
  explicit MemoryPositions(std::string position = "") : position_(std::move(position)) {}
  absl::StatusOr<std::string> Load() override { return position_; }
  absl::Status Save(const std::string& position) override {
    saved.push_back(position);
    return failure;
  }
  std::vector<std::string> saved;
  absl::Status failure;

 private:
  const std::string position_;
};

TEST(Watcher, TakesSilenceForADeadConnection) {
  FakeServer server;
  server.events.scripts = {{.messages = {StartedAt("p0"), BatchOf("p1", CallEvent("a"))}, .end = grpc::Status::OK, .stay = true},
                           {.messages = {BatchOf("p2", CallEvent("b"))}, .end = grpc::Status(grpc::StatusCode::NOT_FOUND, "end")}};
  WatchOptions options = FromEarliest(/*reconnect=*/true);
  options.silence_limit = absl::Milliseconds(300);
  std::vector<std::string> causes;
  options.on_reconnect = [&causes](const Error& error, absl::Duration) { causes.push_back(error.message); };
  Watcher watcher(MakeChannel(server.address()), options);
  EXPECT_THAT(ReadIds(watcher), ElementsAre("a", "b"));
  EXPECT_THAT(causes, ElementsAre("nothing was heard for 300ms"));
}

TEST(Watcher, HandsOutSingleEventsAndKeepsThePositionOfWhatWasDealtWith) {
  FakeServer server;
  v1::WatchEventsResponse two = BatchOf("p1", CallEvent("a"));
  two.mutable_event_batch()->MergeFrom(BatchOf("p2", CallEvent("b")).event_batch());
  server.events.scripts = {{.messages = {StartedAt("p0"), two, BatchOf("p3", CallEvent("c")), CaughtUpAt("p9")}, .end = {}}};
  MemoryPositions positions("before");
  WatchOptions options = FromEarliest(/*reconnect=*/true);
  options.positions = &positions;
  options.until_caught_up = true;
  Watcher watcher(MakeChannel(server.address()), options);
  EXPECT_EQ(watcher.Next()->event.event_id(), "a");
  EXPECT_EQ(watcher.Next()->event.event_id(), "b");
  EXPECT_THAT(positions.saved, ElementsAre());  // b may not have been dealt with
  EXPECT_TRUE(watcher.Commit().ok());
  EXPECT_THAT(positions.saved, ElementsAre("p2"));
  EXPECT_THAT(watcher.NextBatch(), ::testing::SizeIs(1));
  EXPECT_FALSE(watcher.Next());
  EXPECT_FALSE(watcher.Next());
  EXPECT_TRUE(watcher.error().ok());
  EXPECT_THAT(positions.saved, ElementsAre("p2", "p3", "p9"));
  EXPECT_EQ(server.events.requests().at(0).start().after(), "before");
}

TEST(Watcher, EndsWhenThePositionCannotBeKept) {
  FakeServer server;
  server.events.scripts = {
      {.messages = {BatchOf("p1", CallEvent("a")), BatchOf("p2", CallEvent("b"))}, .end = grpc::Status::OK, .stay = true}};
  MemoryPositions positions;
  positions.failure = absl::FailedPreconditionError("disk is full");
  WatchOptions options = FromEarliest(/*reconnect=*/true);
  options.positions = &positions;
  Watcher watcher(MakeChannel(server.address()), options);
  EXPECT_TRUE(watcher.Next());
  EXPECT_FALSE(watcher.Next());
  EXPECT_EQ(watcher.error().message, "disk is full");
}

TEST(Watcher, AGapEndsTheWatchUnlessItIsListenedFor) {
  v1::WatchEventsResponse gap;
  gap.mutable_gap()->set_after("p1");
  gap.mutable_gap()->set_resumed_at("p5");
  gap.mutable_gap()->set_lost(4);
  FakeServer server;
  server.events.scripts = {{.messages = {gap, BatchOf("p6", CallEvent("a"))}, .end = grpc::Status::OK, .stay = true}};
  server.events.scripts.push_back(server.events.scripts.front());
  Watcher strict(MakeChannel(server.address()), FromEarliest(/*reconnect=*/true));
  EXPECT_FALSE(strict.Next());
  EXPECT_EQ(strict.error().code, grpc::StatusCode::DATA_LOSS);
  WatchOptions options = FromEarliest(/*reconnect=*/true);
  uint64_t lost = 0;
  options.on_gap = [&lost](const v1::Gap& told) { lost = told.lost(); };
  Watcher listening(MakeChannel(server.address()), options);
  EXPECT_EQ(listening.Next()->position, "p6");
  EXPECT_EQ(lost, 4u);
}

TEST(Backoff, ClientsThatAreCutOffTogetherDoNotReturnTogether) {
  constexpr int kClients = 1000;
  int early = 0;
  std::set<absl::Duration> waits;
  for (int i = 0; i < kClients; ++i) {
    Backoff backoff({.first = absl::Seconds(1), .longest = absl::Seconds(4)});
    const absl::Duration wait = backoff.Next(absl::Seconds(10));  // all were told the same
    waits.insert(wait);
    early += wait < absl::Milliseconds(10'750) ? 1 : 0;
  }
  EXPECT_GT(waits.size(), kClients / 2u);
  EXPECT_GT(early, kClients / 4);
  EXPECT_LT(early, kClients * 3 / 4);
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
