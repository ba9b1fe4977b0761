#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/error/error.h"
#include "server/record/purge.h"
#include "tests/support/committer_fixture.h"
#include "tests/support/newsroom.h"

namespace demarche::ingest {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::Event;

const char kSecretReport[] = "Kenya expelled two Ghanaian diplomats over a bugged conference room, Secret said.";
const char kOtherReport[] = "Two diplomats were thrown out by Kenya after a conference room was found bugged.";
const char kVisit[] = "A Secret visit of Norway to Poland ended.";
constexpr char kSecret[] = "Secret";

v1::DiplomaticEvent SecretExpulsion(std::string sentence) {
  v1::DiplomaticEvent event = Event(v1::EVENT_TYPE_SANCTION, "diplomats_expelled", "KEN", "GHA", std::move(sentence));
  event.mutable_attribution()->set_mention(kSecret);
  return event;
}
v1::DiplomaticEvent Visit(std::string sentence) {
  return Event(v1::EVENT_TYPE_CONSULT, "visit", "NOR", "POL", std::move(sentence));
}

// Item 1 of A says the secret word.
class CommitterPurgeTest : public testing_support::CommitterFixture {
 protected:
  absl::StatusOr<Published> Purge(const std::string& id = "1") { return CommitOne(Withdrawal("A", id, /*is_purge=*/true)); }

  // Where the log still has the word: positions of records and texts, keys of rows.
  std::vector<std::string> Found() {
    std::vector<std::string> found;
    const auto records = log_.Read(log_.info().first_position, 1 << 30);
    for (const log::RecordPtr& record : *records) {
      if (absl::StrContains(record->SerializeAsString(), kSecret))
        found.push_back("record " + std::to_string(record->last_position()));
    }
    for (const char* id : {"1", "2", "3"}) {
      for (const char* publisher : {"A", "B"}) {
        const auto text = log_.FindNewsItem({"p", publisher, id});
        if (text.ok() && absl::StrContains(*text, kSecret)) found.push_back(std::string("text ") + publisher + id);
      }
    }
    EXPECT_TRUE(log_.VisitState("",
                                [&](std::string_view key, std::string_view value) {
                                  if (value.find(kSecret) != std::string_view::npos) found.emplace_back(key);
                                  return absl::OkStatus();
                                })
                    .ok());
    return found;
  }
};

TEST_F(CommitterPurgeTest, NothingOfTheItemIsLeftAndTheEventIsRetracted) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport)}}));
  ASSERT_THAT(Found(), SizeIs(testing::Ge(4))) << "the control: record, text, event, evidence";
  const auto purged = Purge();
  ASSERT_TRUE(purged.ok()) << purged.status();
  EXPECT_EQ(purged->event_ids, first->event_ids);
  EXPECT_THAT(Found(), IsEmpty());
  EXPECT_EQ(Latest(first->event_ids[0]).state(), v1::EVENT_STATE_RETRACTED);
  EXPECT_TRUE(log_.FindItem({"p", "A", "1"})->purged());
  ASSERT_THAT(durable_, SizeIs(1)) << "the hub is given the new revision";
  EXPECT_EQ(durable_[0]->events_size(), 1);
}

TEST_F(CommitterPurgeTest, WhatOthersTellStaysInTheirWords) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport)}}));
  CommitOne(Ticketed({"2", "B", 0, {SecretExpulsion(kOtherReport)}})).IgnoreError();
  ASSERT_TRUE(Purge().ok());
  EXPECT_THAT(Found(), IsEmpty()) << "in the revision that the other item made neither";
  const v1::DiplomaticEvent latest = Latest(first->event_ids[0]);
  EXPECT_EQ(latest.state(), v1::EVENT_STATE_UPDATED);
  ASSERT_THAT(latest.evidence(), SizeIs(1));
  EXPECT_EQ(latest.evidence(0).sentence(), kOtherReport);
  const auto revisions = log_.FindRevisions(first->event_ids[0]);
  ASSERT_THAT(*revisions, SizeIs(3)) << "revisions and their places stay";
  EXPECT_EQ((*revisions)[0].position, 1u);
}

// What stands in the state makes the revisions to come.
TEST_F(CommitterPurgeTest, LaterRevisionsDoNotBringTheWordsBack) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport)}}));
  CommitOne(Ticketed({"2", "B", 0, {SecretExpulsion(kOtherReport)}})).IgnoreError();
  ASSERT_TRUE(Purge().ok());
  for (const bool restart : {false, true}) {
    if (restart) Restart();
    v1::DiplomaticEvent better =
        SecretExpulsion(std::string(kOtherReport) + (restart ? " It was on Monday." : " It was in March."));
    better.clear_attribution();
    better.mutable_event_date()->set_year(2024);
    better.mutable_event_date()->set_month(restart ? 3 : 0);
    CommitOne(Ticketed({restart ? "4" : "3", restart ? "D" : "C", 0, {better}})).IgnoreError();
    EXPECT_THAT(Found(), IsEmpty());
  }
  EXPECT_THAT(*log_.FindRevisions(first->event_ids[0]), SizeIs(5));
}

TEST_F(CommitterPurgeTest, EarlierVersionsOfACorrectedItemGoToo) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport), Visit(kVisit)}}));
  CommitOne(Ticketed({"2", "B", 0, {SecretExpulsion(kOtherReport)}})).IgnoreError();
  CommitOne(Ticketed({"1", "A", 0, {Event(v1::EVENT_TYPE_AID, "aid_given", "EGY", "SDN", "Egypt sent Secret aid.")}, 1}))
      .IgnoreError();
  CommitOne(Ticketed({"1", "A", 0, {Event(v1::EVENT_TYPE_AID, "aid_given", "JPN", "VNM", "Japan sent aid.")}, 2})).IgnoreError();
  ASSERT_FALSE(Found().empty());
  const auto purged = Purge();
  EXPECT_THAT(Found(), IsEmpty());
  for (const std::string& event_id : first->event_ids) EXPECT_THAT(purged->event_ids, Contains(event_id));
}

TEST_F(CommitterPurgeTest, OfAnItemThatWasRetractedBefore) {
  CommitOne(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport), Visit(kVisit)}})).IgnoreError();
  CommitOne(Ticketed({"2", "B", 0, {SecretExpulsion(kOtherReport)}})).IgnoreError();
  ASSERT_TRUE(CommitOne(Withdrawal("A", "1", /*is_purge=*/false)).ok());
  ASSERT_FALSE(Found().empty());
  const uint64_t events = log_.info().event_count;
  ASSERT_TRUE(Purge().ok());
  EXPECT_THAT(Found(), IsEmpty());
  EXPECT_EQ(log_.info().event_count, events) << "no revision is made twice";
}

TEST_F(CommitterPurgeTest, ARevisionThatOutlivedItsRecord) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport)}}));
  CommitOne(Ticketed({"2", "B", 0, {Visit("Norway went to Poland.")}})).IgnoreError();
  while (*log_.Trim({.max_bytes = 1})) {
  }
  ASSERT_TRUE(absl::StrContains(log_.FindEvent(first->event_ids[0])->event.frame(), kSecret));
  ASSERT_TRUE(Purge().ok());
  const auto revisions = log_.FindRevisions(first->event_ids[0]);
  for (const log::FoundEvent& found : *revisions) {
    EXPECT_FALSE(absl::StrContains(found.event.frame(), kSecret));
  }
}

TEST_F(CommitterPurgeTest, ASecondTimeNothingIsAppended) {
  CommitOne(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport)}})).IgnoreError();
  ASSERT_TRUE(Purge().ok());
  const uint64_t end = log_.info().last_position;
  const auto again = Purge();
  ASSERT_TRUE(again.ok());
  EXPECT_THAT(again->event_ids, IsEmpty());
  EXPECT_THAT(durable_, IsEmpty());
  EXPECT_EQ(log_.info().last_position, end);
  EXPECT_EQ(CommitOne(Withdrawal("A", "1", /*is_purge=*/false))->event_ids, std::vector<std::string>());
  EXPECT_EQ(CommitOne(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport)}}))->outcome, v1::PUBLISH_OUTCOME_DUPLICATE);
  EXPECT_THAT(Found(), IsEmpty()) << "sent again it is not stored again";
}

TEST_F(CommitterPurgeTest, WhenTheLogFailsNothingIsErasedAndARepeatDoesIt) {
  CommitOne(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport)}})).IgnoreError();
  const std::vector<std::string> before = Found();
  log_.failure = absl::UnavailableError("storage full: 1 of 2 bytes");
  EXPECT_EQ(error::ReasonOf(Purge().status()), v1::ERROR_REASON_STORAGE_FULL);
  EXPECT_THAT(durable_, IsEmpty());
  EXPECT_EQ(Found(), before);
  log_.failure = absl::OkStatus();
  ASSERT_TRUE(Purge().ok());
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(CommitterPurgeTest, BehindItsItemInOneGroup) {
  std::vector<TicketPtr> group;
  group.push_back(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport)}}));
  group.push_back(Withdrawal("A", "1", /*is_purge=*/true));
  group.push_back(Ticketed({"2", "B", 0, {Visit("Norway went to Poland.")}}));
  committer_->Commit(group);
  for (const TicketPtr& ticket : group) EXPECT_TRUE(ticket->result->ok()) << ticket->result->status();
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(CommitterPurgeTest, OfWhatIsNotKnown) {
  EXPECT_EQ(error::ReasonOf(Purge().status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  log_.failure = absl::UnavailableError("storage full: 1 of 2 bytes");
  CommitOne(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport)}})).IgnoreError();
  EXPECT_EQ(Purge().status().code(), absl::StatusCode::kUnavailable) << "its item could not be stored: both are to be sent again";
}

// The row that lets a restart finish what is to be done beside the log.
TEST_F(CommitterPurgeTest, LeavesARowForWhatIsStillToBeDone) {
  const auto first = CommitOne(Ticketed({"1", "A", 0, {SecretExpulsion(kSecretReport)}}));
  ASSERT_TRUE(Purge().ok());
  const auto rows = log_.ReadState(record::kPurgePrefix, "", 1 << 20);
  ASSERT_THAT(*rows, SizeIs(1));
  stored::v1::Purge purge;
  ASSERT_TRUE(purge.ParseFromString((*rows)[0].value));
  EXPECT_EQ(purge.news_item_id(), "1");
  EXPECT_THAT(purge.event_ids(), testing::ElementsAreArray(first->event_ids));
  EXPECT_THAT(purge.places().records(), testing::ElementsAre(1));
  EXPECT_THAT(purge.places().stage_prefixes(), SizeIs(2)) << "the event and its evidence";
}

}  // namespace
}  // namespace demarche::ingest
