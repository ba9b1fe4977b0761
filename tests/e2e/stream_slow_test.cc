// Clients that read too slowly: what they cost, what they are told, and that no one else notices.
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/limits/limits.h"
#include "tests/support/stream_server.h"

namespace demarche {
namespace {

using testing_support::FromEarliest;
using testing_support::kStallingEventBytes;
using testing_support::kStallingEvents;
using testing_support::MetadataOf;
using testing_support::ReasonOf;
using testing_support::ServerOptions;
using testing_support::StreamServer;
using testing_support::Watcher;

// A watch on a connection of its own, so that it stalls alone.
struct Client {
  Client(StreamServer& server, const v1::WatchEventsRequest& request)
      : stub(v1::EventService::NewStub(server.NewChannel())), watcher(*stub, request) {}

  std::unique_ptr<v1::EventService::Stub> stub;
  Watcher watcher;
};

std::vector<std::string> Ids(int first, int last) {
  std::vector<std::string> ids;
  for (int i = first; i <= last; ++i) ids.push_back(StreamServer::AppendedId(i));
  return ids;
}

TEST(SlowWatch, OneThatStallsAndOneThatReadsSlowlyHarmNobody) {
  constexpr int kHealthy = 98;
  constexpr int kConnections = 7;
  constexpr int kAppends = 100;
  ServerOptions options;
  options.hub.max_events = 400;
  StreamServer server(std::move(options));
  Client stalled(server, {});
  Client slow(server, {});
  stalled.watcher.ReadUntilCaughtUp();
  slow.watcher.ReadUntilCaughtUp();
  std::vector<std::unique_ptr<v1::EventService::Stub>> stubs;
  for (int i = 0; i < kConnections; ++i) stubs.push_back(v1::EventService::NewStub(server.NewChannel()));
  std::vector<std::vector<std::string>> seen(kHealthy);
  std::vector<std::thread> threads;
  for (int i = 0; i < kHealthy; ++i) {
    threads.emplace_back([&, i] {
      Watcher watcher(*stubs[static_cast<size_t>(i % kConnections)], FromEarliest());
      seen[static_cast<size_t>(i)] = watcher.NextIds(kStallingEvents);
    });
  }
  std::vector<std::string> seen_slowly;
  for (int i = 0; i < kAppends; ++i) {
    server.Append(kStallingEvents / kAppends, kStallingEventBytes);
    const auto message = slow.watcher.Next();
    for (const auto& event : message.event_batch().events()) seen_slowly.push_back(event.event_id());
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& ids : seen) EXPECT_EQ(ids, Ids(1, kStallingEvents));
  // A batch each, and what is beside the events.
  EXPECT_LE(server.budget->bytes(), 2 * (limits::kMaxBatchBytes + limits::kMaxBatchBytes / 8));
  EXPECT_EQ(server.budget->cut_count(), 0u);
  // Lag cuts nobody: both get the rest.
  const auto rest = slow.watcher.NextIds(static_cast<size_t>(kStallingEvents) - seen_slowly.size());
  seen_slowly.insert(seen_slowly.end(), rest.begin(), rest.end());
  EXPECT_EQ(seen_slowly, Ids(1, kStallingEvents));
  EXPECT_EQ(stalled.watcher.NextIds(kStallingEvents), Ids(1, kStallingEvents));
}

TEST(SlowWatch, FallsBehindAndIsToldSo) {
  ServerOptions options;
  options.hub.max_events = 16;
  StreamServer server(std::move(options));
  Client client(server, {});
  client.watcher.ReadUntilCaughtUp();
  for (int i = 0; i < 100; ++i) server.Append(kStallingEvents / 100, kStallingEventBytes);
  bool fell_behind = false;
  int events = 0;
  while (events < kStallingEvents) {
    const v1::WatchEventsResponse message = client.watcher.Next();
    ASSERT_NE(message.response_case(), v1::WatchEventsResponse::RESPONSE_NOT_SET);
    events += message.event_batch().events_size();
    if (message.has_fell_behind()) {
      fell_behind = true;
      EXPECT_GT(message.fell_behind().backlog(), 0u);
    }
  }
  EXPECT_TRUE(fell_behind);
  v1::WatchEventsResponse last = client.watcher.Next();
  EXPECT_TRUE(last.has_caught_up());
}

TEST(SlowWatch, IsWarnedAndToldWhenThatIsOver) {
  StreamServer server;
  Client client(server, {});
  client.watcher.ReadUntilCaughtUp();
  server.Append(kStallingEvents, kStallingEventBytes);
  while (server.budget->bytes() == 0) std::this_thread::yield();
  server.MoveClock(std::chrono::milliseconds(limits::kMaxWriteTime) * 3 / 4);
  std::vector<bool> cleared;
  for (int events = 0; events < kStallingEvents;) {
    const v1::WatchEventsResponse message = client.watcher.Next();
    ASSERT_NE(message.response_case(), v1::WatchEventsResponse::RESPONSE_NOT_SET);
    events += message.event_batch().events_size();
    if (!message.has_slow_consumer_warning()) continue;
    cleared.push_back(message.slow_consumer_warning().cleared());
    EXPECT_GT(message.slow_consumer_warning().buffered_bytes(), 0u);
    EXPECT_EQ(message.slow_consumer_warning().limit_bytes(), limits::kMaxBufferedBytes);
  }
  EXPECT_THAT(cleared, ::testing::ElementsAre(false, true));
}

// A log whose clock stands still, so that all batches are of the same size.
ServerOptions WithFixedTime() {
  ServerOptions options;
  options.log = std::make_unique<log::MemoryLog>([] { return int64_t{1'750'000'000'123'456}; });
  return options;
}

// What a stalled watch has in its incomplete write.
uint64_t BufferedByOne(StreamServer& server, std::unique_ptr<Client>& client) {
  server.Append(kStallingEvents, kStallingEventBytes);
  client = std::make_unique<Client>(server, FromEarliest());
  while (server.budget->bytes() < limits::kMaxBatchBytes / 2 && server.budget->cut_count() == 0) std::this_thread::yield();
  return server.budget->bytes();
}

TEST(SlowWatch, TheLargestIsCutAboveTheCapAndNotAtIt) {
  uint64_t bytes = 0;
  {
    StreamServer server(WithFixedTime());
    std::unique_ptr<Client> client;
    bytes = BufferedByOne(server, client);
  }
  for (const uint64_t above : {0, 1}) {
    ServerOptions options = WithFixedTime();
    options.max_buffered_bytes = bytes - above;
    StreamServer server(std::move(options));
    std::unique_ptr<Client> client;
    BufferedByOne(server, client);
    if (above == 0) {
      EXPECT_EQ(server.budget->cut_count(), 0u);
      continue;
    }
    // The cut follows the write that broke the cap.
    while (server.budget->cut_count() == 0 || server.budget->bytes() > 0) std::this_thread::yield();
    EXPECT_EQ(server.budget->cut_count(), 1u);
    while (client->watcher.Next().response_case() != v1::WatchEventsResponse::RESPONSE_NOT_SET) {
    }
    const grpc::Status status = client->watcher.Finish();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_EQ(ReasonOf(status), "SLOW_CONSUMER");
    v1::WatchEventsRequest resume;
    resume.mutable_start()->set_after(MetadataOf(status, "last_position"));
    Client again(server, resume);
    EXPECT_TRUE(again.watcher.Next().has_started()) << "the position stays valid";
  }
}

}  // namespace
}  // namespace demarche
