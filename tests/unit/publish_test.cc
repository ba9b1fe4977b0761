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

TEST(GetNewsItem, GivesTheItemAsReceived) {
  StreamServer server;
  v1::NewsItem item = MakeItem("a");
  (*item.mutable_labels())["desk"] = "world";
  const v1::PublishResult result = server.Publish(item);
  v1::GetNewsItemRequest request;
  request.set_publisher("Sample A");
  request.set_news_item_id("a");
  v1::GetNewsItemResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(server.item_stub->GetNewsItem(&context, request, &response).ok());
  EXPECT_EQ(response.news_item().labels().at("desk"), "world");
  EXPECT_EQ(response.news_item().body(), item.body());
  request.set_news_item_id("b");
  grpc::ClientContext other;
  EXPECT_EQ(ReasonOf(server.item_stub->GetNewsItem(&other, request, &response)), "RESOURCE_NOT_FOUND");
  request.set_news_item_id("");
  grpc::ClientContext empty;
  EXPECT_EQ(ReasonOf(server.item_stub->GetNewsItem(&empty, request, &response)), "REQUEST_INVALID");
}

TEST(GetEvent, GivesTheLatestRevision) {
  StreamServer server;
  const v1::PublishResult result = server.Publish(MakeItem("a"));
  v1::GetEventRequest request;
  request.set_event_id("a/1");
  v1::GetEventResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(server.event_stub->GetEvent(&context, request, &response).ok());
  EXPECT_EQ(response.event().type(), v1::EVENT_TYPE_CONSULT);
  EXPECT_EQ(response.position(), result.position());
  v1::ListEventRevisionsRequest list_request;
  list_request.set_event_id("a/1");
  v1::ListEventRevisionsResponse revisions;
  grpc::ClientContext list_context;
  ASSERT_TRUE(server.event_stub->ListEventRevisions(&list_context, list_request, &revisions).ok());
  EXPECT_EQ(revisions.events_size(), 1);
  request.set_event_id("none");
  grpc::ClientContext other;
  EXPECT_EQ(ReasonOf(server.event_stub->GetEvent(&other, request, &response)), "RESOURCE_NOT_FOUND");
}

TEST(ListEvents, PagesThroughAllOnce) {
  StreamServer server;
  std::vector<std::string> expected;
  for (int i = 0; i < 7; ++i) {
    const std::string id = std::to_string(i);
    server.Publish(MakeItem(id, i % 3 == 1 ? "nothing" : "event\nevent\nevent"));
    if (i % 3 != 1) expected.insert(expected.end(), {id + "/1", id + "/2", id + "/3"});
  }
  for (const int page_size : {0, 1, 2, 4, 15, 1000}) {
    std::vector<std::string> seen;
    v1::ListEventsRequest request;
    request.set_page_size(page_size);
    do {
      v1::ListEventsResponse response;
      grpc::ClientContext context;
      const grpc::Status status = server.event_stub->ListEvents(&context, request, &response);
      ASSERT_TRUE(status.ok()) << status.error_message();
      for (const auto& event : response.events()) seen.push_back(event.event_id());
      EXPECT_LE(response.events_size(), page_size == 0 ? 100 : page_size);
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(seen, expected) << page_size;
  }
}

TEST(ListEvents, ListsWhatTheFilterWants) {
  StreamServer server;
  server.Publish(MakeItem("a", "event\nevent AID\nevent\nevent AID"));
  v1::ListEventsRequest request;
  request.set_filter("type = AID");
  request.set_page_size(1);
  v1::ListEventsResponse first;
  grpc::ClientContext first_context;
  ASSERT_TRUE(server.event_stub->ListEvents(&first_context, request, &first).ok());
  EXPECT_EQ(first.events(0).event_id(), "a/2");
  request.set_page_token(first.next_page_token());
  v1::ListEventsResponse second;
  grpc::ClientContext second_context;
  ASSERT_TRUE(server.event_stub->ListEvents(&second_context, request, &second).ok());
  EXPECT_EQ(second.events(0).event_id(), "a/4");
  request.set_filter("type = CONSULT");
  grpc::ClientContext other_context;
  EXPECT_EQ(ReasonOf(server.event_stub->ListEvents(&other_context, request, &second)), "REQUEST_INVALID");
  request.set_filter("type =");
  grpc::ClientContext bad_context;
  EXPECT_EQ(ReasonOf(server.event_stub->ListEvents(&bad_context, request, &second)), "FILTER_INVALID");
}

TEST(ListEvents, RefusesBadPages) {
  StreamServer server;
  v1::ListEventsResponse response;
  v1::ListEventsRequest too_many;
  too_many.set_page_size(1001);
  grpc::ClientContext first;
  const grpc::Status status = server.event_stub->ListEvents(&first, too_many, &response);
  EXPECT_EQ(ReasonOf(status), "REQUEST_INVALID");
  EXPECT_THAT(status.error_message(), HasSubstr("page_size: 1001"));
  v1::ListEventsRequest bad_token;
  bad_token.set_page_token("x");
  grpc::ClientContext second;
  EXPECT_EQ(ReasonOf(server.event_stub->ListEvents(&second, bad_token, &response)), "REQUEST_INVALID");
}

TEST(NotServed, SaysSo) {
  StreamServer server;
  grpc::ClientContext retract;
  v1::RetractNewsItemResponse retracted;
  EXPECT_EQ(ReasonOf(server.item_stub->RetractNewsItem(&retract, {}, &retracted)), "NOT_SERVED");
  grpc::ClientContext evidence;
  v1::ListEvidenceResponse listed;
  EXPECT_EQ(ReasonOf(server.event_stub->ListEvidence(&evidence, {}, &listed)), "NOT_SERVED");
  grpc::ClientContext subscribe;
  const auto stream = server.event_stub->Subscribe(&subscribe);
  v1::SubscribeResponse message;
  EXPECT_FALSE(stream->Read(&message));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(ReasonOf(status), "NOT_SERVED");
}

}  // namespace
}  // namespace demarche
