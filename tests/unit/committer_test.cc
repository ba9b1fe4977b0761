#include "server/ingest/committer.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/error/error.h"
#include "server/ingest/coder.h"
#include "tests/support/fake_log.h"
#include "tests/support/line_stage.h"

namespace demarche::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::FakeLog;
using testing_support::LinePlan;
using testing_support::MakeItem;

class CommitterTest : public testing::Test {
 protected:
  // A coded item.
  TicketPtr Coded(const v1::NewsItem& item, std::string principal = "p") {
    auto ticket = std::make_unique<Ticket>();
    ticket->item = item;
    ticket->principal = std::move(principal);
    coder_.Code(*ticket);
    return ticket;
  }
  std::vector<log::RecordPtr> Commit(std::vector<TicketPtr>& group) { return Committer(log_, *memory_, coder_).Commit(group); }
  v1::ErrorReason ReasonOf(const TicketPtr& ticket) { return error::ReasonOf(ticket->result->status()); }

  FakeLog log_;
  run::Runner runner_{LinePlan()};
  std::unique_ptr<run::Memory> memory_ = *run::Memory::Open(log_, {});
  Coder coder_{runner_, log_, *memory_, /*store_text=*/true};
};

TEST_F(CommitterTest, WritesAGroupWithOneAppend) {
  std::vector<TicketPtr> group;
  group.push_back(Coded(MakeItem("a", "event\nevent")));
  group.push_back(Coded(MakeItem("b", "nothing")));
  group.push_back(Coded(MakeItem("c", "foreign")));
  const auto durable = Commit(group);
  EXPECT_THAT(log_.sizes, ElementsAre(3));
  ASSERT_THAT(durable, SizeIs(3));
  EXPECT_TRUE(durable[0]->news_item().empty());
  EXPECT_EQ(group[0]->result->value().outcome, v1::PUBLISH_OUTCOME_ACCEPTED);
  EXPECT_THAT(group[0]->result->value().event_ids, ElementsAre("a/1", "a/2"));
  EXPECT_EQ(group[0]->result->value().position, 2u);
  EXPECT_EQ(group[1]->result->value().position, 3u);
  EXPECT_EQ(group[2]->result->value().outcome, v1::PUBLISH_OUTCOME_UNSUPPORTED_LANGUAGE);
  v1::NewsItem stored;
  ASSERT_TRUE(stored.ParseFromString(*log_.FindNewsItem({"p", "Sample A", "a"})));
  EXPECT_EQ(stored.body(), "event\nevent");
}

TEST_F(CommitterTest, ARepeatGetsTheFirstAnswer) {
  std::vector<TicketPtr> first;
  first.push_back(Coded(MakeItem("a")));
  first.push_back(Coded(MakeItem("a")));  // in the same group
  Commit(first);
  std::vector<TicketPtr> later;
  later.push_back(Coded(MakeItem("a")));
  EXPECT_THAT(Commit(later), IsEmpty());
  EXPECT_THAT(log_.sizes, ElementsAre(1));
  for (const TicketPtr& repeat : {std::ref(first[1]), std::ref(later[0])}) {
    ASSERT_TRUE(repeat->result->ok());
    EXPECT_EQ(repeat->result->value().outcome, v1::PUBLISH_OUTCOME_DUPLICATE);
    EXPECT_EQ(repeat->result->value().event_ids, first[0]->result->value().event_ids);
    EXPECT_EQ(repeat->result->value().position, first[0]->result->value().position);
  }
}

TEST_F(CommitterTest, ARepeatCommittedAfterTheWorkerLookedIsFound) {
  std::vector<TicketPtr> early;
  early.push_back(Coded(MakeItem("a")));
  early.push_back(Coded(MakeItem("a", "other text")));
  std::vector<TicketPtr> first;
  first.push_back(Coded(MakeItem("a")));
  Commit(first);
  EXPECT_THAT(Commit(early), IsEmpty());
  EXPECT_EQ(early[0]->result->value().outcome, v1::PUBLISH_OUTCOME_DUPLICATE);
  EXPECT_EQ(ReasonOf(early[1]), v1::ERROR_REASON_IDEMPOTENCY_CONFLICT);
}

TEST_F(CommitterTest, AnotherContentUnderTheSameIdIsAConflict) {
  std::vector<TicketPtr> group;
  group.push_back(Coded(MakeItem("a")));
  group.push_back(Coded(MakeItem("a", "other text")));
  Commit(group);
  std::vector<TicketPtr> later;
  later.push_back(Coded(MakeItem("a", "yet another")));
  Commit(later);
  EXPECT_TRUE(group[0]->result->ok());
  for (const TicketPtr& conflict : {std::ref(group[1]), std::ref(later[0])}) {
    EXPECT_EQ(conflict->result->status().code(), absl::StatusCode::kAlreadyExists);
    EXPECT_EQ(ReasonOf(conflict), v1::ERROR_REASON_IDEMPOTENCY_CONFLICT);
  }
}

TEST_F(CommitterTest, IdsAreScopedByPrincipalAndPublisher) {
  v1::NewsItem elsewhere = MakeItem("a", "other text");
  elsewhere.set_publisher("Sample B");
  std::vector<TicketPtr> group;
  group.push_back(Coded(MakeItem("a")));
  group.push_back(Coded(elsewhere));
  group.push_back(Coded(MakeItem("a", "other text"), "q"));
  Commit(group);
  EXPECT_THAT(log_.sizes, ElementsAre(3));
}

TEST_F(CommitterTest, AnEmptyIdIsDerivedFromTheContent) {
  std::vector<TicketPtr> group;
  group.push_back(Coded(MakeItem("")));
  group.push_back(Coded(MakeItem("")));
  group.push_back(Coded(MakeItem("", "other text")));
  Commit(group);
  EXPECT_EQ(group[1]->result->value().outcome, v1::PUBLISH_OUTCOME_DUPLICATE);
  EXPECT_EQ(group[1]->result->value().news_item_id, group[0]->result->value().news_item_id);
  EXPECT_NE(group[2]->result->value().news_item_id, group[0]->result->value().news_item_id);
}

TEST_F(CommitterTest, AnInvalidItemFailsNoOther) {
  std::vector<TicketPtr> group;
  group.push_back(Coded(MakeItem("a")));
  group.push_back(Coded(MakeItem("b", "invalid")));
  group.push_back(Coded(MakeItem("c")));
  Commit(group);
  EXPECT_TRUE(group[0]->result->ok());
  EXPECT_EQ(ReasonOf(group[1]), v1::ERROR_REASON_ITEM_INVALID);
  EXPECT_TRUE(group[2]->result->ok());
}

TEST_F(CommitterTest, AfterAFailedAppendNothingIsRemembered) {
  log_.failure = absl::UnavailableError("write failed");
  std::vector<TicketPtr> group;
  group.push_back(Coded(MakeItem("a")));
  group.push_back(Coded(MakeItem("a")));
  group.push_back(Coded(MakeItem("b", "invalid")));
  EXPECT_THAT(Commit(group), IsEmpty());
  EXPECT_EQ(group[0]->result->status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(group[0]), v1::ERROR_REASON_STORAGE_FAILED);
  EXPECT_EQ(ReasonOf(group[1]), v1::ERROR_REASON_STORAGE_FAILED);
  EXPECT_EQ(ReasonOf(group[2]), v1::ERROR_REASON_ITEM_INVALID);
  log_.failure = absl::OkStatus();
  std::vector<TicketPtr> again;
  again.push_back(Coded(MakeItem("a")));
  Commit(again);
  EXPECT_EQ(again[0]->result->value().outcome, v1::PUBLISH_OUTCOME_ACCEPTED);
}

TEST_F(CommitterTest, ALogThatStoppedAsksForARetry) {
  log_.failure = absl::DataLossError("the log stopped after a failed write");
  std::vector<TicketPtr> group;
  group.push_back(Coded(MakeItem("a")));
  Commit(group);
  EXPECT_EQ(group[0]->result->status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(group[0]), v1::ERROR_REASON_STORAGE_FAILED);
}

TEST_F(CommitterTest, AFullDiskHasItsOwnReason) {
  log_.failure = absl::UnavailableError("storage full: 10 of 20 bytes free");
  std::vector<TicketPtr> group;
  group.push_back(Coded(MakeItem("a")));
  Commit(group);
  EXPECT_EQ(ReasonOf(group[0]), v1::ERROR_REASON_STORAGE_FULL);
}

}  // namespace
}  // namespace demarche::ingest
