// Subscribe with a client that reads too slowly: what it is told, and that it can go on from where it was cut.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "server/limits/limits.h"
#include "tests/support/stream_server.h"

namespace demarche {
namespace {

using testing_support::kStallingEventBytes;
using testing_support::kStallingEvents;
using testing_support::MetadataOf;
using testing_support::ReasonOf;
using testing_support::ServerOptions;
using testing_support::StreamServer;

// On a connection of its own, with more credit than it needs.
class Subscriber {
 public:
  explicit Subscriber(StreamServer& server, const std::string& after = "")
      : stub_(v1::EventService::NewStub(server.NewChannel())), stream_(stub_->Subscribe(&context_)) {
    v1::SubscribeRequest request;
    v1::StartPosition& start = *request.mutable_start()->mutable_start();
    if (after.empty()) {
      start.set_earliest(true);
    } else {
      start.set_after(after);
    }
    stream_->Write(request);
    request.mutable_grant()->set_events(uint64_t{10} * kStallingEvents);
    stream_->Write(request);
  }
  ~Subscriber() { context_.TryCancel(); }

  // The next message; empty at the end.
  v1::WatchEventsResponse Next() {
    v1::SubscribeResponse response;
    return stream_->Read(&response) ? response.message() : v1::WatchEventsResponse();
  }
  // The positions of what it is sent until it has so many, or the stream ends. Notes warnings on the way.
  std::vector<std::string> Read(size_t count) {
    std::vector<std::string> positions;
    while (positions.size() < count) {
      const v1::WatchEventsResponse message = Next();
      if (message.response_case() == v1::WatchEventsResponse::RESPONSE_NOT_SET) break;
      positions.insert(positions.end(), message.event_batch().positions().begin(), message.event_batch().positions().end());
      if (message.has_slow_consumer_warning()) warnings.push_back(message.slow_consumer_warning());
    }
    return positions;
  }
  grpc::Status Finish() { return stream_->Finish(); }

  std::vector<v1::SlowConsumerWarning> warnings;

 private:
  std::unique_ptr<v1::EventService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::SubscribeRequest, v1::SubscribeResponse>> stream_;
};

// Until a batch cannot be written because the client does not read.
void AwaitStall(const StreamServer& server) {
  while (server.budget->bytes() < limits::kMaxBatchBytes / 2 && server.budget->cut_count() == 0) std::this_thread::yield();
}

TEST(SlowSubscribe, IsWarnedAndToldWhenThatIsOver) {
  StreamServer server;
  server.Append(kStallingEvents, kStallingEventBytes);
  Subscriber subscriber(server);
  AwaitStall(server);
  server.MoveClock(std::chrono::milliseconds(limits::kMaxWriteTime) * 3 / 4);
  EXPECT_EQ(subscriber.Read(kStallingEvents).size(), static_cast<size_t>(kStallingEvents));
  ASSERT_EQ(subscriber.warnings.size(), 2u);
  EXPECT_FALSE(subscriber.warnings[0].cleared());
  EXPECT_GT(subscriber.warnings[0].buffered_bytes(), 0u);
  EXPECT_EQ(subscriber.warnings[0].limit_bytes(), limits::kMaxBufferedBytes);
  EXPECT_TRUE(subscriber.warnings[1].cleared());
}

TEST(SlowSubscribe, IsCutWhenAWriteStaysIncompleteAndGoesOnFromThePositionTold) {
  StreamServer server;
  server.Append(kStallingEvents, kStallingEventBytes);
  Subscriber subscriber(server);
  AwaitStall(server);
  server.MoveClock(limits::kMaxWriteTime);
  EXPECT_EQ(server.budget->cut_count(), 1u);
  EXPECT_EQ(server.budget->bytes(), 0u);
  std::vector<std::string> positions = subscriber.Read(kStallingEvents);
  const grpc::Status status = subscriber.Finish();
  ASSERT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(status), "SLOW_CONSUMER");
  const std::string last_position = MetadataOf(status, "last_position");
  ASSERT_FALSE(positions.empty());
  EXPECT_LE(last_position, positions.back()) << "it was sent that much for certain";
  std::erase_if(positions, [&](const std::string& position) { return position > last_position; });
  Subscriber again(server, last_position);
  const auto rest = again.Read(static_cast<size_t>(kStallingEvents) - positions.size());
  positions.insert(positions.end(), rest.begin(), rest.end());
  Subscriber whole(server);
  EXPECT_EQ(positions, whole.Read(kStallingEvents));
}

TEST(SlowSubscribe, IsCutAboveTheCapToo) {
  ServerOptions options;
  options.max_buffered_bytes = limits::kMaxBatchBytes / 2;
  StreamServer server(std::move(options));
  server.Append(kStallingEvents, kStallingEventBytes);
  Subscriber subscriber(server);
  while (server.budget->cut_count() == 0) std::this_thread::yield();
  subscriber.Read(kStallingEvents);
  const grpc::Status status = subscriber.Finish();
  EXPECT_EQ(ReasonOf(status), "SLOW_CONSUMER");
  EXPECT_NE(MetadataOf(status, "last_position"), "");
}

}  // namespace
}  // namespace demarche
