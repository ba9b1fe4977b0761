#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/stage/state_changes.h"
#include "pipeline/stories/evidence.h"
#include "server/record/purge.h"
#include "server/record/record.h"
#include "tests/support/stream_server.h"

namespace demarche {
namespace {

using ::testing::HasSubstr;
using testing_support::MakeItem;
using testing_support::ReasonOf;
using testing_support::StreamServer;

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

TEST(ListEvidence, PagesThroughAllOnce) {
  StreamServer server;
  stage::StateChanges changes(*server.log);
  stored::v1::KnownEvent known;
  std::vector<std::string> expected;
  changes.Put("nevent", stage::KeyOf('n', 7));
  for (int i = 0; i < 5; ++i) {
    stored::v1::KnownEvidence evidence;
    expected.push_back("item " + std::to_string(i));
    evidence.mutable_evidence()->set_news_item_id(expected.back());
    stories::AddEvidence(7, evidence, known, changes);
  }
  std::vector<stored::v1::Record> records(1);
  records[0].mutable_item()->set_news_item_id("item");
  changes.AddItemTo(records[0]);
  ASSERT_TRUE(server.log->Append(records).ok());
  for (const int page_size : {0, 1, 2, 5, 1000}) {
    std::vector<std::string> seen;
    v1::ListEvidenceRequest request;
    request.set_event_id("event");
    request.set_page_size(page_size);
    int pages = 0;
    do {
      ASSERT_LT(pages++, 10) << "it does not end";
      v1::ListEvidenceResponse response;
      grpc::ClientContext context;
      ASSERT_TRUE(server.event_stub->ListEvidence(&context, request, &response).ok());
      for (const v1::Evidence& evidence : response.evidence()) seen.push_back(evidence.news_item_id());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(seen, expected) << page_size;
  }
}

TEST(ListEvidence, RefusesWhatItCannotAnswer) {
  StreamServer server;
  const auto refusal = [&](const std::string& event_id, int page_size, const std::string& token) {
    v1::ListEvidenceRequest request;
    request.set_event_id(event_id);
    request.set_page_size(page_size);
    request.set_page_token(token);
    v1::ListEvidenceResponse response;
    grpc::ClientContext context;
    return ReasonOf(server.event_stub->ListEvidence(&context, request, &response));
  };
  EXPECT_EQ(refusal("none", 0, ""), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(refusal("", 0, ""), "REQUEST_INVALID");
  EXPECT_EQ(refusal("none", -1, ""), "REQUEST_INVALID");
  EXPECT_EQ(refusal("none", 1001, ""), "REQUEST_INVALID");
  EXPECT_EQ(refusal("none", 1, "page"), "REQUEST_INVALID");
}

TEST(ListEvents, PagesThroughAllOnce) {
  StreamServer server;
  std::vector<std::string> expected;
  for (int i = 0; i < 9; ++i) {  // ends with items that have none
    const std::string id = std::to_string(i);
    server.Publish(MakeItem(id, i % 3 == 1 || i > 6 ? "nothing" : "event\nevent\nevent"));
    if (i % 3 != 1 && i <= 6) expected.insert(expected.end(), {id + "/1", id + "/2", id + "/3"});
  }
  for (const int page_size : {0, 1, 2, 4, 15, 1000}) {
    std::vector<std::string> seen;
    v1::ListEventsRequest request;
    request.set_page_size(page_size);
    int pages = 0;
    do {
      ASSERT_LT(pages++, 20) << "it does not end";
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

TEST(ListEvents, BoundsThePageInBytes) {
  StreamServer server;
  constexpr int kEvents = 500;
  v1::DiplomaticEvent event;
  event.set_revision(1);
  event.add_evidence()->set_sentence(std::string(10'000, 'x'));
  stored::v1::Record record;
  for (int i = 0; i < kEvents; ++i) {
    event.set_event_id(std::to_string(i));
    *record.add_events() = record::MakeStoredEvent(event);
  }
  ASSERT_TRUE(server.log->Append({&record, 1}).ok());
  v1::ListEventsRequest request;
  request.set_page_size(limits::kMaxPageSize);
  int seen = 0;
  do {
    v1::ListEventsResponse response;
    grpc::ClientContext context;
    const grpc::Status status = server.event_stub->ListEvents(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_LT(response.ByteSizeLong(), limits::kMaxPageBytes + 11'000);
    for (const auto& listed : response.events()) EXPECT_EQ(listed.event_id(), std::to_string(seen++));
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, kEvents);
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

TEST(RetractNewsItem, APurgeTakesTheTextAndLeavesNothingToBeDone) {
  StreamServer server;
  const v1::PublishResult published = server.Publish(MakeItem("a"));
  v1::GetNewsItemRequest text;
  text.set_publisher("Sample A");
  text.set_news_item_id("a");
  v1::GetNewsItemResponse item;
  grpc::ClientContext before_context;
  ASSERT_TRUE(server.item_stub->GetNewsItem(&before_context, text, &item).ok()) << "the control";
  v1::RetractNewsItemRequest purge;
  purge.set_publisher("Sample A");
  purge.set_news_item_id("a");
  purge.set_purge(true);
  grpc::ClientContext context;
  v1::RetractNewsItemResponse purged;
  ASSERT_TRUE(server.item_stub->RetractNewsItem(&context, purge, &purged).ok());
  ASSERT_EQ(purged.event_ids_size(), 1);
  EXPECT_EQ(purged.event_ids(0), published.event_ids(0));
  grpc::ClientContext after_context;
  EXPECT_EQ(ReasonOf(server.item_stub->GetNewsItem(&after_context, text, &item)), "RESOURCE_NOT_FOUND");
  EXPECT_TRUE(server.log->ReadState(record::kPurgePrefix, "", 1)->empty()) << "it is finished when it is answered";
}

}  // namespace
}  // namespace demarche
