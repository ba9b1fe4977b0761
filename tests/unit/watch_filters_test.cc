#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/record/record.h"
#include "tests/support/stream_server.h"

namespace demarche {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_support::FromEarliest;
using testing_support::MakeItem;
using testing_support::ReasonOf;
using testing_support::StreamServer;
using testing_support::Watcher;

TEST(WatchFilters, SendsWhatAnyFilterWantsAndSaysWhich) {
  StreamServer server;
  server.Publish(MakeItem("a", "event\nevent PROTEST\nevent AID"));
  v1::WatchEventsRequest request = FromEarliest();
  for (const auto& [name, filter] : {std::pair{"talks", "type = CONSULT"}, {"not protest", "NOT type = PROTEST"}}) {
    request.add_filters()->set_name(name);
    request.mutable_filters()->rbegin()->set_filter(filter);
  }
  Watcher watcher(*server.event_stub, request);
  EXPECT_THAT(watcher.Next().started().filter_names(), ElementsAre("talks", "not protest"));
  const v1::EventBatch batch = watcher.Next().event_batch();
  ASSERT_EQ(batch.events_size(), 2);
  EXPECT_EQ(batch.events(1).event_id(), "a/3");
  EXPECT_THAT(batch.matched_filters(), ElementsAre(3u, 2u));
  EXPECT_TRUE(watcher.Next().has_caught_up());
}

TEST(WatchFilters, ReachesPositionsThatNoFilterWants) {
  StreamServer server;
  v1::WatchEventsRequest request;
  request.add_filters()->set_filter("type = AID");
  Watcher watcher(*server.event_stub, request);
  watcher.ReadUntilCaughtUp();
  server.Publish(MakeItem("a", "event\nevent"));
  while (server.hub.router().through() < 2) std::this_thread::yield();  // the publisher is answered a moment earlier
  server.MoveClock(std::chrono::milliseconds(15'000));
  const v1::WatchEventsResponse message = watcher.Next();
  ASSERT_TRUE(message.has_progress());
  EXPECT_EQ(message.progress().position(), server.log->info().epoch + "-0000000000000002");
}

// A later revision of an event, as the log holds it.
void AppendRevision(StreamServer& server, uint32_t revision, v1::EventType type, v1::EventType type_before) {
  v1::DiplomaticEvent event;
  event.set_event_id("e");
  event.set_revision(revision);
  event.set_type(type);
  std::vector<stored::v1::Record> records(1);
  *records[0].add_events() = record::MakeStoredEvent(event);
  if (type_before != v1::EVENT_TYPE_UNSPECIFIED) records[0].mutable_events(0)->mutable_previous_header()->set_type(type_before);
  records[0].mutable_item()->set_news_item_id("item-" + std::to_string(revision));
  ASSERT_TRUE(server.log->Append(records).ok());
  server.hub.Publish({std::make_shared<const stored::v1::Record>(std::move(records[0]))});
}

TEST(WatchFilters, SendsTheRevisionThatLeavesAFilter) {
  StreamServer server;
  AppendRevision(server, 1, v1::EVENT_TYPE_AID, v1::EVENT_TYPE_UNSPECIFIED);
  AppendRevision(server, 2, v1::EVENT_TYPE_CONSULT, v1::EVENT_TYPE_AID);
  AppendRevision(server, 3, v1::EVENT_TYPE_PROTEST, v1::EVENT_TYPE_CONSULT);
  v1::WatchEventsRequest request = FromEarliest();
  request.add_filters()->set_filter("type = AID");
  Watcher watcher(*server.event_stub, request);
  watcher.Next();
  const v1::EventBatch batch = watcher.Next().event_batch();
  ASSERT_EQ(batch.events_size(), 2);
  EXPECT_EQ(batch.events(1).revision(), 2u);
  EXPECT_THAT(batch.matched_filters(), ElementsAre(1u, 0u));
  EXPECT_THAT(batch.filter_exit(), ElementsAre(false, true));
}

TEST(WatchFilters, RefusesBadFilters) {
  StreamServer server;
  v1::WatchEventsRequest bad;
  bad.add_filters()->set_filter("type = CONSLUT");
  v1::WatchEventsRequest twice;
  twice.add_filters()->set_name("a");
  twice.add_filters()->set_name("a");
  v1::WatchEventsRequest nameless;
  nameless.add_filters()->set_name("a");
  nameless.add_filters();
  v1::WatchEventsRequest long_name;
  long_name.add_filters()->set_name(std::string(65, 'x'));
  v1::WatchEventsRequest many;
  for (int i = 0; i < 17; ++i) many.add_filters()->set_name(std::to_string(i));
  const struct {
    v1::WatchEventsRequest request;
    const char* reason;
    const char* message;
  } cases[] = {{bad, "FILTER_INVALID", "filters[0].filter, column 8: "},
               {twice, "REQUEST_INVALID", "filters[1].name: 'a' twice"},
               {nameless, "REQUEST_INVALID", "filters[1].name: empty"},
               {long_name, "REQUEST_INVALID", "filters[0].name: 65 bytes, at most 64"},
               {many, "REQUEST_INVALID", "filters: 17 filters, at most 16"}};
  for (const auto& one : cases) {
    Watcher watcher(*server.event_stub, one.request);
    EXPECT_FALSE(watcher.Next().has_started());
    const grpc::Status status = watcher.Finish();
    EXPECT_EQ(ReasonOf(status), one.reason);
    EXPECT_THAT(status.error_message(), HasSubstr(one.message));
  }
}

TEST(WatchFilters, TakesAsManyFiltersAsAllowed) {
  StreamServer server;
  server.Publish(MakeItem("a"));
  v1::WatchEventsRequest request = FromEarliest();
  for (int i = 0; i < 16; ++i) request.add_filters()->set_name(std::string(62, 'x') + std::to_string(10 + i));
  Watcher watcher(*server.event_stub, request);
  EXPECT_EQ(watcher.Next().started().filter_names_size(), 16);
  EXPECT_THAT(watcher.Next().event_batch().matched_filters(), ElementsAre(0xFFFFu));
}

TEST(ValidateFilter, AnswersWithTheColumn) {
  StreamServer server;
  for (const auto& [filter, column] : {std::pair{"type = AID", 0u}, {"", 0u}, {"type = AID AND kind", 16u}}) {
    v1::ValidateFilterRequest request;
    request.set_filter(filter);
    v1::ValidateFilterResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(server.event_stub->ValidateFilter(&context, request, &response).ok());
    EXPECT_EQ(response.valid(), column == 0) << filter;
    EXPECT_EQ(response.column(), column) << filter;
    EXPECT_EQ(response.message().empty(), column == 0) << filter;
  }
}

}  // namespace
}  // namespace demarche
