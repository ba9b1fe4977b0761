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
using ::testing::HasSubstr;
using testing_support::MakeItem;
using testing_support::ReasonOf;
using testing_support::ServerOptions;
using testing_support::StreamServer;

// A PublishNewsItems call that is driven step by step.
class Publisher {
 public:
  explicit Publisher(v1::IngestService::Stub& stub) : stream_(stub.PublishNewsItems(&context_)) {}
  ~Publisher() {
    context_.TryCancel();
    if (!is_finished_) stream_->Finish();
  }

  bool Send(const v1::NewsItem& item) {
    v1::PublishNewsItemsRequest request;
    *request.mutable_news_item() = item;
    return stream_->Write(request);
  }
  void CloseSending() { stream_->WritesDone(); }
  // The next message; an empty one at the end.
  v1::PublishNewsItemsResponse Next() {
    v1::PublishNewsItemsResponse response;
    if (!stream_->Read(&response)) return {};
    return response;
  }
  grpc::Status Finish() {
    is_finished_ = true;
    return stream_->Finish();
  }
  std::string trailer(const std::string& key) const {
    const auto found = context_.GetServerTrailingMetadata().find(key);
    if (found == context_.GetServerTrailingMetadata().end()) return "";
    return {found->second.data(), found->second.size()};
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::PublishNewsItemsRequest, v1::PublishNewsItemsResponse>> stream_;
  bool is_finished_ = false;
};

TEST(PublishNewsItem, AnswersWithTheEventsAndTheirPosition) {
  StreamServer server;
  const v1::PublishResult result = server.Publish(MakeItem("a", "event\nevent"));
  EXPECT_EQ(result.outcome(), v1::PUBLISH_OUTCOME_ACCEPTED);
  EXPECT_EQ(result.news_item_id(), "a");
  EXPECT_THAT(result.event_ids(), ElementsAre("a/1", "a/2"));
  EXPECT_EQ(result.position(), server.log->info().epoch + "-0000000000000002");
  EXPECT_EQ(server.Publish(MakeItem("a", "event\nevent")).outcome(), v1::PUBLISH_OUTCOME_DUPLICATE);
  EXPECT_EQ(server.Publish(MakeItem("b", "foreign")).outcome(), v1::PUBLISH_OUTCOME_UNSUPPORTED_LANGUAGE);
}

TEST(PublishNewsItem, SaysWhatIsWrong) {
  StreamServer server;
  server.Publish(MakeItem("taken"));
  const struct {
    v1::NewsItem item;
    grpc::StatusCode code;
    const char* reason;
    const char* message;
  } cases[] = {
      {MakeItem("a", ""), grpc::StatusCode::INVALID_ARGUMENT, "ITEM_INVALID", "news_item.body: empty"},
      {MakeItem("a", "invalid"), grpc::StatusCode::INVALID_ARGUMENT, "ITEM_INVALID", "invalid by itself"},
      {MakeItem("a", "caf\xe9"), grpc::StatusCode::INVALID_ARGUMENT, "ITEM_INVALID", "news_item.body: not UTF-8 at byte 3"},
      {MakeItem("a", std::string(2'000'000, 'x')), grpc::StatusCode::RESOURCE_EXHAUSTED, "ITEM_TOO_LARGE", "at most 1048576"},
      {MakeItem("taken", "other text"), grpc::StatusCode::ALREADY_EXISTS, "IDEMPOTENCY_CONFLICT", "news_item_id: taken"},
  };
  for (const auto& one : cases) {
    server.Publish(one.item);
    EXPECT_EQ(server.last_status.error_code(), one.code);
    EXPECT_EQ(ReasonOf(server.last_status), one.reason);
    EXPECT_THAT(server.last_status.error_message(), HasSubstr(one.message));
  }
  EXPECT_EQ(server.log->info().item_count, 1u);
}

TEST(PublishNewsItem, RefusesWhenTooMuchIsIn) {
  ServerOptions options;
  options.ingest.max_items = 1;
  StreamServer server(std::move(options));
  Publisher publisher(*server.item_stub);
  publisher.Next();
  publisher.Send(MakeItem("a", "hold"));
  while (server.ingestor.queued_items() == 0) std::this_thread::yield();
  server.Publish(MakeItem("b"));
  EXPECT_EQ(server.last_status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(server.last_status), "QUOTA_EXCEEDED");
}

TEST(PublishNewsItems, GrantsAWindowFirst) {
  StreamServer server;
  Publisher publisher(*server.item_stub);
  const v1::PublishNewsItemsResponse first = publisher.Next();
  EXPECT_EQ(first.window().max_items(), 1000u);
  EXPECT_EQ(first.window().max_bytes(), 8u << 20);
  publisher.CloseSending();
  EXPECT_EQ(publisher.Next().response_case(), v1::PublishNewsItemsResponse::RESPONSE_NOT_SET);
  EXPECT_TRUE(publisher.Finish().ok());
  EXPECT_EQ(publisher.trailer("demarche-item-count"), "0");
}

TEST(PublishNewsItems, AnswersInOrderAndAnErrorEndsNothing) {
  StreamServer server;
  Publisher publisher(*server.item_stub);
  publisher.Next();
  publisher.Send(MakeItem("slow", "hold\nevent"));
  publisher.Send(MakeItem("invalid", "invalid"));
  publisher.Send(MakeItem("empty", ""));
  publisher.Send(MakeItem("text", "caf\xe9"));
  publisher.Send(MakeItem("last"));
  publisher.CloseSending();
  while (server.ingestor.queued_items() < 3) std::this_thread::yield();
  server.release.Notify();
  const v1::ItemResult slow = publisher.Next().item();
  EXPECT_EQ(slow.sequence(), 1u);
  EXPECT_EQ(slow.result().outcome(), v1::PUBLISH_OUTCOME_ACCEPTED);
  EXPECT_FALSE(slow.has_status());
  for (const uint64_t sequence : {2, 3, 4}) {
    const v1::ItemResult rejected = publisher.Next().item();
    EXPECT_EQ(rejected.sequence(), sequence);
    EXPECT_EQ(rejected.result().outcome(), v1::PUBLISH_OUTCOME_REJECTED);
    EXPECT_EQ(rejected.status().code(), 3);
    google::rpc::ErrorInfo info;
    ASSERT_TRUE(rejected.status().details(0).UnpackTo(&info) || rejected.status().details(1).UnpackTo(&info));
    EXPECT_EQ(info.reason(), "ITEM_INVALID");
  }
  const v1::ItemResult last = publisher.Next().item();
  EXPECT_EQ(last.sequence(), 5u);
  EXPECT_THAT(last.result().event_ids(), ElementsAre("last/1"));
  EXPECT_EQ(publisher.Next().response_case(), v1::PublishNewsItemsResponse::RESPONSE_NOT_SET);
  EXPECT_TRUE(publisher.Finish().ok());
  EXPECT_EQ(publisher.trailer("demarche-item-count"), "5");
}

TEST(PublishNewsItems, StopsReadingBeyondTheWindow) {
  ServerOptions options;
  options.window.max_items = 4;
  StreamServer server(std::move(options));
  Publisher publisher(*server.item_stub);
  EXPECT_EQ(publisher.Next().window().max_items(), 4u);
  constexpr int kItems = 40;
  publisher.Send(MakeItem("slow", "hold"));
  for (int i = 1; i < kItems; ++i) ASSERT_TRUE(publisher.Send(MakeItem(std::to_string(i))));
  publisher.CloseSending();
  while (server.ingestor.queued_items() < 4) std::this_thread::yield();
  EXPECT_EQ(server.ingestor.queued_items(), 4u);
  server.release.Notify();
  for (int i = 1; i <= kItems; ++i) EXPECT_EQ(publisher.Next().item().sequence(), static_cast<uint64_t>(i));
  EXPECT_TRUE(publisher.Finish().ok());
  EXPECT_EQ(server.log->info().item_count, static_cast<uint64_t>(kItems));
}

TEST(PublishNewsItems, WaitsWhenTheServerIsFull) {
  ServerOptions options;
  options.ingest.max_items = 2;
  StreamServer server(std::move(options));
  Publisher one(*server.item_stub);
  Publisher other(*server.item_stub);
  constexpr int kItems = 50;
  for (int i = 0; i < kItems; ++i) {
    ASSERT_TRUE(one.Send(MakeItem("one-" + std::to_string(i), i == 0 ? "hold" : "event")));
    ASSERT_TRUE(other.Send(MakeItem("other-" + std::to_string(i))));
  }
  one.CloseSending();
  other.CloseSending();
  server.release.Notify();
  for (Publisher* publisher : {&one, &other}) {
    publisher->Next();
    for (int i = 0; i < kItems; ++i) EXPECT_EQ(publisher->Next().item().result().outcome(), v1::PUBLISH_OUTCOME_ACCEPTED);
    EXPECT_TRUE(publisher->Finish().ok());
  }
}

TEST(PublishNewsItems, DrainsAfterAnsweringWhatItRead) {
  StreamServer server;
  Publisher publisher(*server.item_stub);
  publisher.Next();
  publisher.Send(MakeItem("a", "hold\nevent"));
  while (server.ingestor.queued_items() == 0) std::this_thread::yield();
  server.items.Drain();
  server.release.Notify();
  EXPECT_EQ(publisher.Next().item().result().outcome(), v1::PUBLISH_OUTCOME_ACCEPTED);
  EXPECT_EQ(publisher.Next().response_case(), v1::PublishNewsItemsResponse::RESPONSE_NOT_SET);
  EXPECT_EQ(ReasonOf(publisher.Finish()), "DRAINING");
  Publisher late(*server.item_stub);
  EXPECT_FALSE(late.Next().has_window());
  EXPECT_EQ(ReasonOf(late.Finish()), "DRAINING");
}

TEST(PublishNewsItems, SurvivesPublishersThatGoAway) {
  StreamServer server;
  for (int i = 0; i < 50; ++i) {
    Publisher publisher(*server.item_stub);
    for (int j = 0; j < 10; ++j) publisher.Send(MakeItem(std::to_string(i) + "-" + std::to_string(j)));
    if (i % 2 == 0) publisher.Next();
  }
  EXPECT_EQ(server.Publish(MakeItem("last")).outcome(), v1::PUBLISH_OUTCOME_ACCEPTED);
}

}  // namespace
}  // namespace demarche
