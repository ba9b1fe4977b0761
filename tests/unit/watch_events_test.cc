#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/stream_server.h"

namespace demarche {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using testing_support::FromEarliest;
using testing_support::MakeItem;
using testing_support::ReasonOf;
using testing_support::StreamServer;
using testing_support::Watcher;

TEST(WatchEvents, SendsWhatIsThereThenWhatComes) {
  StreamServer server;
  server.Publish(MakeItem("a", "event\nevent"));
  server.Publish(MakeItem("b", "nothing"));
  Watcher watcher(*server.event_stub, FromEarliest());
  const v1::WatchEventsResponse started = watcher.Next();
  ASSERT_TRUE(started.has_started());
  EXPECT_EQ(started.started().epoch(), server.log->info().epoch);
  EXPECT_EQ(started.started().position(), server.log->info().epoch + "-0000000000000000");
  EXPECT_THAT(started.started().filter_names(), ElementsAre(""));
  EXPECT_THAT(watcher.NextIds(2), ElementsAre("a/1", "a/2"));
  const v1::WatchEventsResponse caught_up = watcher.Next();
  ASSERT_TRUE(caught_up.has_caught_up());
  EXPECT_EQ(caught_up.caught_up().position(), server.log->info().epoch + "-0000000000000003");
  const v1::PublishResult live = server.Publish(MakeItem("c"));
  EXPECT_THAT(watcher.NextIds(1), ElementsAre("c/1"));
  EXPECT_EQ(watcher.last_position(), live.position());
}

TEST(WatchEvents, SaysBesideEachEventWhatConcernsItsDelivery) {
  StreamServer server;
  const v1::PublishResult result = server.Publish(MakeItem("a", "event\nevent"));
  v1::WatchEventsRequest request = FromEarliest();
  request.add_filters()->set_name("all");
  Watcher watcher(*server.event_stub, request);
  EXPECT_THAT(watcher.Next().started().filter_names(), ElementsAre("all"));
  const v1::EventBatch batch = watcher.Next().event_batch();
  ASSERT_EQ(batch.events_size(), 2);
  EXPECT_EQ(batch.events(0).type(), v1::EVENT_TYPE_CONSULT);
  EXPECT_THAT(batch.positions(), ElementsAre(server.log->info().epoch + "-0000000000000001", result.position()));
  EXPECT_THAT(batch.append_times(), SizeIs(2));
  EXPECT_GT(batch.append_times(0).seconds(), 0);
  EXPECT_THAT(batch.matched_filters(), ElementsAre(1u, 1u));
  EXPECT_THAT(batch.filter_exit(), ElementsAre(false, false));
}

TEST(WatchEvents, GoesOnAfterAPosition) {
  StreamServer server;
  server.Publish(MakeItem("a", "event\nevent\nevent"));
  server.Publish(MakeItem("b"));
  Watcher first(*server.event_stub, FromEarliest());
  first.Next();
  const v1::EventBatch batch = first.Next().event_batch();
  ASSERT_EQ(batch.events_size(), 4);
  for (int i = 0; i < 4; ++i) {
    v1::WatchEventsRequest request;
    request.mutable_start()->set_after(batch.positions(i));
    Watcher second(*server.event_stub, request);
    std::vector<std::string> expected;
    for (int j = i + 1; j < 4; ++j) expected.push_back(batch.events(j).event_id());
    EXPECT_EQ(second.NextIds(expected.size()), expected);
  }
}

TEST(WatchEvents, StartsAtATime) {
  std::atomic<int64_t> now_us = 1'000'000;
  testing_support::ServerOptions options;
  options.log = std::make_unique<log::MemoryLog>([&now_us] { return now_us.load(); });
  StreamServer server(std::move(options));
  for (const char* id : {"a", "b", "c"}) {
    server.Publish(MakeItem(id));
    now_us += 1000;
  }
  const struct {
    int32_t nanos;  // after one second
    std::vector<std::string> ids;
  } cases[] = {{0, {"a/1", "b/1", "c/1"}}, {1, {"b/1", "c/1"}}, {1'000'000, {"b/1", "c/1"}}, {1'000'001, {"c/1"}}};
  for (const auto& one : cases) {
    v1::WatchEventsRequest request;
    request.mutable_start()->mutable_time()->set_seconds(1);
    request.mutable_start()->mutable_time()->set_nanos(one.nanos);
    Watcher watcher(*server.event_stub, request);
    EXPECT_EQ(watcher.NextIds(one.ids.size()), one.ids);
  }
}

TEST(WatchEvents, StartsWithTheNextRevisionByDefault) {
  StreamServer server;
  server.Publish(MakeItem("a"));
  Watcher watcher(*server.event_stub, {});
  watcher.ReadUntilCaughtUp();
  server.Publish(MakeItem("b"));
  EXPECT_THAT(watcher.NextIds(1), ElementsAre("b/1"));
}

TEST(WatchEvents, RefusesWhatItCannotStartFrom) {
  StreamServer server;
  server.Publish(MakeItem("a"));
  const std::string epoch = server.log->info().epoch;
  const struct {
    std::string after;
    const char* reason;
  } cases[] = {{"not a position", "CURSOR_MALFORMED"},
               {epoch + "-000000000000000", "CURSOR_MALFORMED"},
               {epoch + "-000000000000000A", "CURSOR_MALFORMED"},
               {epoch + "-0000000000000002", "CURSOR_AHEAD"},
               {"ffffffffffffffff-0000000000000001", "EPOCH_MISMATCH"}};
  for (const auto& one : cases) {
    v1::WatchEventsRequest request;
    request.mutable_start()->set_after(one.after);
    Watcher watcher(*server.event_stub, request);
    EXPECT_EQ(watcher.Next().response_case(), v1::WatchEventsResponse::RESPONSE_NOT_SET);
    EXPECT_EQ(ReasonOf(watcher.Finish()), one.reason) << one.after;
  }
}

TEST(WatchEvents, RefusesAnExpiredPositionUnlessToldWhereToGoOn) {
  testing_support::ServerOptions options;
  options.log = std::make_unique<log::MemoryLog>(log::SystemTimeUs, /*first_position=*/10);
  StreamServer server(std::move(options));
  server.Publish(MakeItem("a"));
  v1::WatchEventsRequest request;
  request.mutable_start()->set_after(server.log->info().epoch + "-0000000000000003");
  Watcher refused(*server.event_stub, request);
  EXPECT_FALSE(refused.Next().has_started());
  const grpc::Status status = refused.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(ReasonOf(status), "CURSOR_EXPIRED");
  request.set_on_expired(v1::ON_EXPIRED_EARLIEST);
  Watcher watcher(*server.event_stub, request);
  EXPECT_TRUE(watcher.Next().has_started());
  const v1::WatchEventsResponse gap = watcher.Next();
  ASSERT_TRUE(gap.has_gap());
  EXPECT_EQ(gap.gap().after(), request.start().after());
  EXPECT_EQ(gap.gap().lost(), 7u);
  EXPECT_THAT(watcher.NextIds(1), ElementsAre("a/1"));
}

TEST(WatchEvents, SendsProgressWhenIdle) {
  StreamServer server;
  Watcher watcher(*server.event_stub, {});
  watcher.ReadUntilCaughtUp();
  server.MoveClock(std::chrono::milliseconds(14'999));
  server.MoveClock(std::chrono::milliseconds(1));
  const v1::WatchEventsResponse message = watcher.Next();
  ASSERT_TRUE(message.has_progress());
  EXPECT_EQ(message.progress().backlog(), 0u);
  EXPECT_GT(message.progress().server_time().seconds(), 0);
}

TEST(WatchEvents, DrainsWithAHintWhereToGoOn) {
  StreamServer server;
  server.Publish(MakeItem("a"));
  Watcher watcher(*server.event_stub, FromEarliest());
  watcher.ReadUntilCaughtUp();
  server.events.Drain();
  const v1::WatchEventsResponse message = watcher.Next();
  ASSERT_TRUE(message.has_draining());
  EXPECT_EQ(message.draining().position(), server.log->info().epoch + "-0000000000000001");
  EXPECT_FALSE(watcher.Next().has_started());
  const grpc::Status status = watcher.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "DRAINING");
  Watcher late(*server.event_stub, {});
  EXPECT_FALSE(late.Next().has_started());
  EXPECT_EQ(ReasonOf(late.Finish()), "DRAINING");
}

TEST(WatchEvents, ManyWatchersGetEverythingOnceInOrder) {
  constexpr int kWatchers = 50;
  constexpr int kItems = 200;
  testing_support::ServerOptions options;
  options.hub.max_events = 16;  // so that many fall behind
  StreamServer server(std::move(options));
  std::vector<std::vector<std::string>> seen(kWatchers);
  std::vector<std::thread> threads;
  for (int i = 0; i < kWatchers; ++i) {
    threads.emplace_back([&, i] {
      Watcher watcher(*server.event_stub, FromEarliest());
      seen[i] = watcher.NextIds(kItems * 2);
    });
  }
  std::vector<std::string> expected;
  for (int i = 0; i < kItems; ++i) {
    const std::string id = "item-" + std::to_string(i);
    EXPECT_EQ(server.Publish(MakeItem(id, "event\nevent")).outcome(), v1::PUBLISH_OUTCOME_ACCEPTED);
    expected.push_back(id + "/1");
    expected.push_back(id + "/2");
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& ids : seen) EXPECT_EQ(ids, expected);
}

TEST(WatchEvents, CancelledWatchesAreGone) {
  StreamServer server;
  for (int i = 0; i < 100; ++i) {
    Watcher watcher(*server.event_stub, FromEarliest());
    if (i % 3 == 0) server.Publish(MakeItem(std::to_string(i)));
    if (i % 2 == 0) watcher.Next();
    watcher.Cancel();
  }
  v1::GetStreamInfoResponse info;
  do {
    grpc::ClientContext context;
    ASSERT_TRUE(server.event_stub->GetStreamInfo(&context, {}, &info).ok());
  } while (info.watch_count() > 0);
  EXPECT_EQ(info.item_count(), 34u);
}

// Publishes more than what lies between server and client can hold, and moves the clock until a watch is cut.
void StallUntilCut(StreamServer& server) {
  std::string lines;
  for (int i = 0; i < 4000; ++i) lines += "event\n";
  const std::string long_id(100, 'x');
  for (int i = 0; i < 4; ++i) server.Publish(MakeItem(long_id + std::to_string(i), lines));
  while (server.budget->cut_count() == 0) server.MoveClock(std::chrono::milliseconds(15'000));
}

TEST(WatchEvents, CutsAWriteThatIsNeverRead) {
  StreamServer server;
  Watcher watcher(*server.event_stub, FromEarliest());
  watcher.ReadUntilCaughtUp();
  StallUntilCut(server);
  std::string last_received;
  while (true) {
    const v1::WatchEventsResponse message = watcher.Next();
    if (message.response_case() == v1::WatchEventsResponse::RESPONSE_NOT_SET) break;
    if (message.event_batch().positions_size() > 0) last_received = *message.event_batch().positions().rbegin();
  }
  const grpc::Status status = watcher.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(status), "SLOW_CONSUMER");
  EXPECT_EQ(server.budget->cut_count(), 1u);
  const std::string last_position = testing_support::MetadataOf(status, "last_position");
  EXPECT_EQ(last_position.size(), last_received.size());
  EXPECT_LE(last_position, last_received);  // what it was sent for certain
}

TEST(WatchEvents, FreesACutWatchThatStillReadsNothing) {
  StreamServer server;
  Watcher watcher(*server.event_stub, FromEarliest());
  watcher.ReadUntilCaughtUp();
  StallUntilCut(server);
  const auto other = v1::EventService::NewStub(server.NewChannel());
  v1::GetStreamInfoResponse info;
  do {
    server.MoveClock(std::chrono::milliseconds(30'000));
    grpc::ClientContext context;
    ASSERT_TRUE(other->GetStreamInfo(&context, {}, &info).ok());
  } while (info.watch_count() > 0);
}

}  // namespace
}  // namespace demarche
