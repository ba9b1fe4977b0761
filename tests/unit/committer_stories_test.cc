#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/error/error.h"
#include "tests/support/committer_fixture.h"
#include "tests/support/newsroom.h"

namespace demarche::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::Article;
using testing_support::Event;

const char kBugged[] = "Kenya expelled two Ghanaian diplomats over a bugged conference room.";
const char kBuggedToo[] = "Two diplomats were thrown out by Kenya after a conference room was found bugged.";

v1::DiplomaticEvent Expulsion(std::string sentence) {
  return Event(v1::EVENT_TYPE_SANCTION, "diplomats_expelled", "KEN", "GHA", std::move(sentence));
}

using CommitterStoriesTest = testing_support::CommitterFixture;

tracing::ItemTracePtr Trace(const char* span_id) {
  const tracing::TraceContext caller{"0af7651916cd43dd8448eb211c80319c", span_id, 1};
  return std::make_shared<tracing::ItemTrace>(caller, "publish", nullptr);
}

TEST_F(CommitterStoriesTest, TwoPublishersMakeOneEventWithTwoRevisions) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBugged)}}));
  const auto second = CommitOne(Ticketed({"2", "B", 0, {Expulsion(kBuggedToo)}}));
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(second->outcome, v1::PUBLISH_OUTCOME_ACCEPTED);
  EXPECT_EQ(second->event_ids, first->event_ids);
  const auto revisions = log_.FindRevisions(first->event_ids[0]);
  ASSERT_THAT(*revisions, SizeIs(2));
  EXPECT_FALSE((*revisions)[0].event.has_previous_header());
  EXPECT_EQ((*revisions)[0].event.cause_news_item_id(), "1");
  EXPECT_EQ((*revisions)[1].event.previous_header().publisher_count(), 1u);
  EXPECT_EQ((*revisions)[1].event.header().publisher_count(), 2u);
  EXPECT_EQ((*revisions)[1].event.cause_publisher(), "B");
  EXPECT_THAT(Latest(first->event_ids[0]).evidence(), SizeIs(2));
}

TEST_F(CommitterStoriesTest, AGroupIsAsItsItemsOneByOne) {
  std::vector<TicketPtr> group;
  group.push_back(Ticketed({"1", "A", 0, {Expulsion(kBugged)}}));
  group.push_back(Ticketed({"2", "B", 0, {Expulsion(kBuggedToo)}}));
  const auto durable = Commit(group);
  EXPECT_THAT(log_.sizes, ElementsAre(2));
  ASSERT_THAT(durable, SizeIs(2));
  EXPECT_THAT(durable[1]->state(), IsEmpty());
  EXPECT_EQ(durable[1]->events(0).revision(), 2u);
  EXPECT_EQ(group[0]->result->value().event_ids, group[1]->result->value().event_ids);
}

TEST_F(CommitterStoriesTest, ACopyNamesTheFirst) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBugged)}}));
  const auto copy = CommitOne(Ticketed({"2", "B", 0, {Expulsion(kBugged)}}));
  EXPECT_EQ(copy->outcome, v1::PUBLISH_OUTCOME_NEAR_DUPLICATE);
  EXPECT_EQ(copy->original_news_item_id, "1");
  EXPECT_EQ(copy->event_ids, first->event_ids);
  const auto retry = CommitOne(Ticketed({"2", "B", 0, {Expulsion(kBugged)}}));
  EXPECT_EQ(retry->outcome, v1::PUBLISH_OUTCOME_DUPLICATE);
  EXPECT_EQ(retry->original_news_item_id, "1");
}

TEST_F(CommitterStoriesTest, ACopyOfWhatIsNotToBeHadIsCodedAfterAll) {
  TicketPtr copy = Ticketed({"2", "B", 0, {Expulsion(kBugged)}});
  copy->coded.events.clear();
  copy->coded.is_known = true;
  const auto published = CommitOne(std::move(copy));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->outcome, v1::PUBLISH_OUTCOME_ACCEPTED);
}

TEST_F(CommitterStoriesTest, AfterAFailedAppendNoCopyIsKnown) {
  log_.failure = absl::UnavailableError("write failed");
  EXPECT_FALSE(CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBugged)}})).ok());
  log_.failure = absl::OkStatus();
  const auto copy = CommitOne(Ticketed({"2", "B", 0, {Expulsion(kBugged)}}));
  EXPECT_EQ(copy->outcome, v1::PUBLISH_OUTCOME_ACCEPTED);
  EXPECT_THAT(copy->event_ids, ElementsAre("B/2/0/0"));
}

TEST_F(CommitterStoriesTest, WhatStandsBehindAnOriginalThatFailedIsToBeSentAgain) {
  const Article original = {"1", "A", 0, {Expulsion(kBugged)}}, corrected = {"1", "A", 0, {Expulsion(kBuggedToo)}, 1};
  std::vector<TicketPtr> group;
  group.push_back(Ticketed(original));
  group.push_back(Ticketed(corrected));
  group.push_back(Withdrawal("A", "1"));
  group.push_back(Withdrawal("A", "unknown"));
  log_.failure = absl::UnavailableError("write failed");
  Commit(group);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(group[i]->result->status().code(), absl::StatusCode::kUnavailable) << i;
  EXPECT_EQ(group[3]->result->status().code(), absl::StatusCode::kNotFound);
  log_.failure = absl::OkStatus();
  EXPECT_TRUE(CommitOne(Ticketed(original)).ok());
  EXPECT_TRUE(CommitOne(Ticketed(corrected)).ok());
}

// As when the rows of the stages were lost, or the items are from before there were any.
TEST_F(CommitterStoriesTest, WhatOnlyTheLogKnowsIsCorrectedAndWithdrawn) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBugged)}}));
  const auto second = CommitOne(Ticketed(
      {"2", "A", 0, {Event(v1::EVENT_TYPE_ACCUSE, "criticism", "NOR", "POL", "Norway criticised Poland over salmon farms.")}}));
  const testing_support::MapState lost;
  Restart(lost);
  const auto corrected = CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBuggedToo)}, 1}));
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(corrected->event_ids, first->event_ids);
  EXPECT_EQ(Latest(first->event_ids[0]).revision(), 2u);
  const auto withdrawn = CommitOne(Withdrawal("A", "2"));
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  EXPECT_EQ(withdrawn->event_ids, second->event_ids);
  EXPECT_EQ(Latest(second->event_ids[0]).state(), v1::EVENT_STATE_RETRACTED);
}

TEST_F(CommitterStoriesTest, ACorrectionIsCodedAnew) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBugged)}}));
  const Article corrected = {"1", "A", 0, {Expulsion("Kenya expelled three Ghanaian diplomats over a bugged conference room.")}, 1};
  const auto second = CommitOne(Ticketed(corrected));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->outcome, v1::PUBLISH_OUTCOME_ACCEPTED);
  EXPECT_EQ(second->event_ids, first->event_ids);
  const v1::DiplomaticEvent event = Latest(first->event_ids[0]);
  EXPECT_EQ(event.revision(), 2u);
  ASSERT_THAT(event.evidence(), SizeIs(1));
  EXPECT_THAT(event.evidence(0).sentence(), testing::HasSubstr("three"));
  EXPECT_EQ(CommitOne(Ticketed(corrected))->outcome, v1::PUBLISH_OUTCOME_DUPLICATE) << "a retry of the correction";
}

TEST_F(CommitterStoriesTest, ACorrectionMustNameTheLatestRevision) {
  const auto unknown = CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBugged)}, 1}));
  EXPECT_EQ(error::ReasonOf(unknown.status()), v1::ERROR_REASON_ITEM_INVALID);
  EXPECT_TRUE(CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBugged)}})).ok());
  const auto skipped = CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBuggedToo)}, 2}));
  EXPECT_EQ(error::ReasonOf(skipped.status()), v1::ERROR_REASON_IDEMPOTENCY_CONFLICT);
}

TEST_F(CommitterStoriesTest, ACorrectionInTheGroupOfItsItemFollowsIt) {
  std::vector<TicketPtr> group;
  group.push_back(Ticketed({"1", "A", 0, {Expulsion(kBugged)}}));
  TicketPtr correction = Ticketed({"1", "A", 0, {Expulsion(kBuggedToo)}, 1});
  group.push_back(std::move(correction));
  group.push_back(Withdrawal("A", "1"));
  Commit(group);
  EXPECT_THAT(log_.sizes, ElementsAre(1, 1, 1));
  for (const TicketPtr& ticket : group) EXPECT_TRUE(ticket->result->ok()) << ticket->result->status();
  EXPECT_EQ(Latest(group[0]->result->value().event_ids[0]).state(), v1::EVENT_STATE_RETRACTED);
}

TEST_F(CommitterStoriesTest, ARevisionIsOfTheTraceOfItsOwnItem) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBugged)}}, Trace("00000000000000aa")));
  const std::string id = first->event_ids.at(0);
  EXPECT_EQ(Latest(id).traceparent(), "00-0af7651916cd43dd8448eb211c80319c-00000000000000aa-01");
  EXPECT_EQ(log_.FindItem({"p", "A", "1"})->traceparent(), Latest(id).traceparent());
  CommitOne(Ticketed({"2", "B", 0, {Expulsion(kBuggedToo)}}, Trace("00000000000000bb"))).IgnoreError();
  EXPECT_EQ(Latest(id).traceparent(), "00-0af7651916cd43dd8448eb211c80319c-00000000000000bb-01");
  CommitOne(Withdrawal("B", "2")).IgnoreError();
  EXPECT_EQ(Latest(id).revision(), 3u);
  EXPECT_EQ(Latest(id).traceparent(), "");
}

TEST_F(CommitterStoriesTest, ATraceIsNotTakenUpFromTheLog) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBugged)}}, Trace("00000000000000aa")));
  ASSERT_NE(Latest(first->event_ids.at(0)).traceparent(), "");
  const testing_support::MapState lost;
  Restart(lost);
  CommitOne(Withdrawal("A", "1")).IgnoreError();
  EXPECT_EQ(Latest(first->event_ids.at(0)).state(), v1::EVENT_STATE_RETRACTED);
  EXPECT_EQ(Latest(first->event_ids.at(0)).traceparent(), "");
}

TEST_F(CommitterStoriesTest, AWithdrawalTakesTheEvidence) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBugged)}}));
  CommitOne(Ticketed({"2", "B", 0, {Expulsion(kBuggedToo)}})).IgnoreError();
  const std::string id = first->event_ids[0];
  const auto withdrawn = CommitOne(Withdrawal("A", "1"));
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  EXPECT_THAT(withdrawn->event_ids, ElementsAre(id));
  EXPECT_EQ(Latest(id).state(), v1::EVENT_STATE_UPDATED);
  EXPECT_EQ(Latest(id).publisher_count(), 1u);
  EXPECT_THAT(CommitOne(Withdrawal("A", "1"))->event_ids, IsEmpty()) << "once more changes nothing";
  CommitOne(Withdrawal("B", "2")).IgnoreError();
  EXPECT_EQ(Latest(id).state(), v1::EVENT_STATE_RETRACTED);
  EXPECT_EQ(error::ReasonOf(CommitOne(Withdrawal("A", "none")).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_TRUE(log_.FindNewsItem({"p", "A", "1"}).ok()) << "the text stays";
}

TEST_F(CommitterStoriesTest, ARestartForgetsNothing) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {Expulsion(kBugged)}}));
  Restart();
  const auto second = CommitOne(Ticketed({"2", "B", 0, {Expulsion(kBuggedToo)}}));
  Restart();
  const auto copy = CommitOne(Ticketed({"3", "C", 0, {Expulsion(kBuggedToo)}}));
  EXPECT_EQ(second->event_ids, first->event_ids);
  EXPECT_EQ(copy->event_ids, first->event_ids);
  EXPECT_EQ(copy->original_news_item_id, "2");
  EXPECT_EQ(Latest(first->event_ids[0]).revision(), 2u);
}

}  // namespace
}  // namespace demarche::ingest
