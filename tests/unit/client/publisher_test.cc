#include "client/cpp/publisher.h"

#include <future>
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

v1::NewsItem TextItem(const std::string& id, const std::string& body = "text") {
  v1::NewsItem item;
  item.set_news_item_id(id);
  item.set_body(body);
  return item;
}

std::string ShowWithId(const ItemOutcome& outcome) {
  return absl::StrCat(outcome.number, " ", outcome.result.news_item_id(), " ",
                      v1::PublishOutcome_Name(outcome.result.outcome()).substr(16), " ", outcome.error.reason);
}

class PublisherTest : public ::testing::Test {
 protected:
  FakeServer server_;
  PublisherOptions options_{.backoff = {.first = absl::Microseconds(10), .longest = absl::Milliseconds(1)}};
};

TEST_F(PublisherTest, AnswersEachItemInOrder) {
  Publisher publisher(MakeChannel(server_.address()), options_);
  std::vector<std::future<ItemOutcome>> outcomes;
  for (const char* body : {"text", "bad text", "not UTF-8 \xff", "text"})
    outcomes.push_back(publisher.Publish(TextItem("a", body)));
  std::vector<std::string> shown;
  for (auto& outcome : outcomes) shown.push_back(ShowWithId(outcome.get()));
  EXPECT_THAT(shown, ElementsAre("1 a ACCEPTED ", "2 a REJECTED ITEM_INVALID", "3 a REJECTED ITEM_INVALID", "4 a DUPLICATE "));
}

TEST_F(PublisherTest, SendsAgainWhatABrokenStreamLeftUnanswered) {
  server_.ingest.end_after = 3;  // of each stream
  Publisher publisher(MakeChannel(server_.address()), options_);
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    publisher.Publish(TextItem(absl::StrCat(i)), [&ids](const ItemOutcome& outcome) {
      EXPECT_TRUE(outcome.error.ok()) << Describe(outcome.error);
      ids.push_back(outcome.result.news_item_id());
    });
  }
  publisher.Flush();
  ASSERT_EQ(ids.size(), 20u);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ids[static_cast<size_t>(i)], absl::StrCat(i));
  EXPECT_EQ(server_.ingest.items().size(), 20u);  // none stored twice
}

TEST_F(PublisherTest, BlocksAboveItsOwnLimitUntilCancelled) {
  server_.ingest.read_ahead = 1000;  // answers nothing
  server_.ingest.window_items = 1000;
  options_.max_items = 2;
  Publisher publisher(MakeChannel(server_.address()), options_);
  std::vector<std::future<ItemOutcome>> outcomes;
  outcomes.push_back(publisher.Publish(TextItem("a")));
  outcomes.push_back(publisher.Publish(TextItem("b")));
  std::thread third([&] { EXPECT_EQ(publisher.Publish(TextItem("c")).get().error.code, grpc::StatusCode::CANCELLED); });
  publisher.Cancel();
  third.join();
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get().error.code, grpc::StatusCode::CANCELLED);
}

TEST_F(PublisherTest, GivesUpInTheEnd) {
  options_.give_up_after = absl::Milliseconds(1);
  Publisher publisher(MakeChannel("127.0.0.1:1"), options_);
  EXPECT_TRUE(IsUnreachable(publisher.Publish(TextItem("a")).get().error));
}

}  // namespace
}  // namespace demarche::client
