#include "client/cpp/publish_stream.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/channel.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/client/fake_service.h"

namespace demarche::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::NewsItem Item(const std::string& id, const std::string& body) {
  v1::NewsItem item;
  item.set_news_item_id(id);
  item.set_body(body);
  return item;
}

std::string Show(const ItemOutcome& outcome) {
  return absl::StrCat(outcome.number, " ", v1::PublishOutcome_Name(outcome.result.outcome()).substr(16), " ", outcome.error.reason);
}

class PublishStreamTest : public ::testing::Test {
 protected:
  std::function<void(const ItemOutcome&)> Collect() {
    return [this](const ItemOutcome& outcome) { outcomes_.push_back(Show(outcome)); };
  }

  FakeServer server_;
  std::vector<std::string> outcomes_;
};

TEST_F(PublishStreamTest, HandsOutcomesOutInOrderAndGoesOnAfterABadItem) {
  PublishStream publisher(MakeChannel(server_.address()), Collect());
  EXPECT_TRUE(publisher.Publish(Item("a", "text")));
  EXPECT_TRUE(publisher.Publish(Item("b", "bad text")));
  EXPECT_TRUE(publisher.Publish(Item("c", "not UTF-8 \xff")));
  publisher.Reject(Error{.code = grpc::StatusCode::INVALID_ARGUMENT, .reason = "UNREADABLE"});
  EXPECT_TRUE(publisher.Publish(Item("d", std::string(kMaxItemBytes, 'x'))));
  EXPECT_TRUE(publisher.Publish(Item("a", "text")));
  EXPECT_TRUE(publisher.Finish().ok());
  EXPECT_THAT(outcomes_, ElementsAre("1 ACCEPTED ", "2 REJECTED ITEM_INVALID", "3 REJECTED ITEM_INVALID", "4 REJECTED UNREADABLE",
                                     "5 REJECTED ITEM_TOO_LARGE", "6 DUPLICATE "));
  EXPECT_EQ(server_.ingest.items().size(), 2u);
}

TEST_F(PublishStreamTest, KeepsManyInFlightButNotMoreThanTheWindow) {
  // This server answers item n once it has read item n + 3. A client with fewer in flight would wait for ever.
  server_.ingest.window_items = 4;
  server_.ingest.read_ahead = 4;
  PublishStream publisher(MakeChannel(server_.address()), Collect());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(publisher.Publish(Item(absl::StrCat(i), "text")));
  EXPECT_TRUE(publisher.Finish().ok());
  EXPECT_EQ(outcomes_.size(), 100u);
  EXPECT_EQ(server_.ingest.most_unanswered(), 4u);
}

TEST_F(PublishStreamTest, BlocksWhileTheWindowIsFull) {
  server_.ingest.window_items = 2;
  server_.ingest.read_ahead = 1000;  // answers nothing before the end of the stream
  PublishStream publisher(MakeChannel(server_.address()), Collect());
  publisher.Publish(Item("a", "text"));
  publisher.Publish(Item("b", "text"));
  std::thread third([&] { publisher.Publish(Item("c", "text")); });
  // Nothing frees the window but the end of the call: the third item is never sent.
  publisher.Cancel();
  third.join();
  EXPECT_EQ(publisher.Finish().code, grpc::StatusCode::CANCELLED);
  EXPECT_THAT(outcomes_, ElementsAre("1 UNSPECIFIED ", "2 UNSPECIFIED ", "3 UNSPECIFIED "));
  EXPECT_LE(server_.ingest.most_unanswered(), 2u);
}

TEST_F(PublishStreamTest, GivesEveryItemAnOutcomeWhenTheStreamBreaks) {
  server_.ingest.end_after = 2;
  PublishStream publisher(MakeChannel(server_.address()), Collect());
  publisher.Publish(Item("a", "text"));
  publisher.Publish(Item("b", "text"));
  while (publisher.Publish(Item("c", "text"))) {
  }
  publisher.Reject(Error{.code = grpc::StatusCode::INVALID_ARGUMENT, .reason = "UNREADABLE"});
  const Error error = publisher.Finish();
  EXPECT_EQ(error.reason, "DRAINING");
  ASSERT_GE(outcomes_.size(), 4u);
  EXPECT_EQ(outcomes_[0], "1 ACCEPTED ");
  EXPECT_EQ(outcomes_[1], "2 ACCEPTED ");
  EXPECT_EQ(outcomes_[2], "3 UNSPECIFIED DRAINING");
  EXPECT_THAT(outcomes_.back(), HasSubstr("REJECTED UNREADABLE"));
}

TEST_F(PublishStreamTest, EndsWhenNobodyListens) {
  PublishStream publisher(MakeChannel("127.0.0.1:1"), Collect());
  EXPECT_FALSE(publisher.Publish(Item("a", "text")));
  EXPECT_TRUE(IsUnreachable(publisher.Finish()));
  EXPECT_THAT(outcomes_, ElementsAre("1 UNSPECIFIED "));
}

TEST_F(PublishStreamTest, CanBeLeftUnfinished) {
  PublishStream(MakeChannel(server_.address()), Collect()).Publish(Item("a", "text"));
}

}  // namespace
}  // namespace demarche::client
