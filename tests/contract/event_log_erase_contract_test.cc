#include "demarche/v1/event.pb.h"
#include "gmock/gmock.h"
#include "tests/contract/event_log_contract.h"
#include "tests/support/records.h"

namespace demarche::log {
namespace {

using ::demarche::support::MakeEvent;
using ::demarche::support::MakeRecord;
using ::testing::ElementsAre;

// Erasing from records that are there. Items are 'principal/publisher/...'.
class EraseContract : public EventLogContract {
 protected:
  // Appends a record of the item without events, as a withdrawal would be, and erases with it.
  void Erase(const Erasure& erasure, const std::string& item_id = "a") {
    stored::v1::Record record = MakeRecord(item_id, {}, "");
    const absl::Status status = log_->Erase(record, erasure);
    ASSERT_TRUE(status.ok()) << status;
  }
  std::vector<std::string> Frames(uint64_t after) {
    std::vector<std::string> frames;
    const auto records = log_->Read(after, kAll);
    EXPECT_TRUE(records.ok()) << records.status();
    for (const RecordPtr& record : *records) {
      for (const stored::v1::StoredEvent& event : record->events()) frames.push_back(event.frame());
    }
    return frames;
  }
  std::vector<std::string> FramesOf(std::string_view event_id) {
    std::vector<std::string> frames;
    const auto revisions = log_->FindRevisions(event_id);
    EXPECT_TRUE(revisions.ok()) << revisions.status();
    for (const FoundEvent& found : *revisions) frames.push_back(found.event.frame());
    return frames;
  }
  absl::StatusOr<std::string> TextOf(std::string_view item_id) { return log_->FindNewsItem({"principal", "publisher", item_id}); }
  void AppendThree() {
    Append({MakeRecord("a", {MakeEvent("e", 1, "quote"), MakeEvent("f", 1, "other")}),
            MakeRecord("b", {MakeEvent("e", 2, "quotes")})});
    Append({MakeRecord("c", {MakeEvent("g", 1, "else")})});
  }
};

TEST_P(EraseContract, ErasedRevisionsAreReadEverywhereAsTheyAreSince) {
  AppendThree();
  Erase({.revisions = {MakeEvent("e", 1, "-"), MakeEvent("e", 2, "--")}});
  EXPECT_THAT(Frames(0), ElementsAre("-", "other", "--", "else"));
  EXPECT_THAT(FramesOf("e"), ElementsAre("-", "--"));
  EXPECT_THAT(FramesOf("f"), ElementsAre("other")) << "it stands in a record that was changed";
  EXPECT_EQ(log_->FindEvent("e")->event.frame(), "--");
  EXPECT_EQ(log_->FindEvent("f")->position, 2u);
}

TEST_P(EraseContract, PositionsTimesAndCountsStayAndTheRecordIsAppended) {
  AppendThree();
  const LogInfo before = log_->info();
  now_us_ = 5'000;
  Erase({.revisions = {MakeEvent("e", 1, "-")}, .texts = {2}});
  EXPECT_THAT(Positions(0), ElementsAre(2, 3, 4, 5));
  EXPECT_EQ(log_->FindEvent("e")->position, 3u);
  const auto places = log_->LocateRevisions("e");
  ASSERT_EQ(places->size(), 2u);
  EXPECT_EQ((*places)[0].record_position, 2u);
  EXPECT_EQ((*places)[1].revision, 2u);
  EXPECT_EQ((*log_->Read(0, kAll))[0]->append_time_us(), 1'000);
  EXPECT_EQ(log_->info().last_position, 5u);
  EXPECT_EQ(log_->info().event_count, before.event_count);
  EXPECT_GE(log_->info().byte_count, before.byte_count);
  EXPECT_EQ(log_->FindItem({"principal", "publisher", "a"})->last_position(), 5u);
}

TEST_P(EraseContract, TextsGoOfTheRecordsThatAreNamedAndOfNoOthers) {
  AppendThree();
  Erase({.texts = {3}}, "other");
  EXPECT_EQ(TextOf("b").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(TextOf("a").value_or(""), "text");
  EXPECT_EQ(TextOf("c").value_or(""), "text");
  EXPECT_TRUE(log_->FindItem({"principal", "publisher", "b"}).ok()) << "the item stays known";
}

TEST_P(EraseContract, ARevisionThatOutlivesItsRecordIsErased) {
  AppendThree();
  Append({MakeRecord("d", {MakeEvent("h", 1)})});
  now_us_ = 10'000;
  Append({MakeRecord("i", {MakeEvent("j", 1)})});
  while (log_->info().first_position < 5) ASSERT_TRUE(log_->Trim({.records_before_us = 9'000}).ok());
  ASSERT_THAT(FramesOf("e"), ElementsAre("quotes")) << "the latest revision is kept";
  Erase({.revisions = {MakeEvent("e", 1, "-"), MakeEvent("e", 2, "--")}, .texts = {2, 3}});
  EXPECT_THAT(FramesOf("e"), ElementsAre("--")) << "what is not there does not come back";
  EXPECT_EQ(log_->FindEvent("e")->position, 3u);
  EXPECT_THAT(Positions(5), ElementsAre(6, 7));
}

TEST_P(EraseContract, TheSameAgainChangesNothingMore) {
  AppendThree();
  const Erasure erasure{.revisions = {MakeEvent("e", 1, "-")}, .texts = {2}};
  Erase(erasure);
  Erase(erasure);
  Erase({.revisions = {MakeEvent("f", 1, "+")}});
  EXPECT_THAT(Frames(0), ElementsAre("-", "+", "quotes", "else"));
}

TEST_P(EraseContract, StateIsWrittenWithIt) {
  AppendThree();
  ASSERT_TRUE(log_->WriteState(std::vector<StateChange>{{"old", "1"}}).ok());
  Erase({.state = {{"new", "2"}, {"old", std::nullopt}}});
  const auto rows = log_->ReadState("", "", kAll);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].key, "new");
}

TEST_P(EraseContract, ARecordThatIsRefusedErasesNothing) {
  AppendThree();
  stored::v1::Record bad = MakeRecord("a", {MakeEvent("e", 3, "")}, "");
  const Erasure erasure{.revisions = {MakeEvent("e", 1, "-")}, .texts = {2}, .state = {{"new", "2"}}};
  EXPECT_EQ(log_->Erase(bad, erasure).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(FramesOf("e"), ElementsAre("quote", "quotes"));
  EXPECT_TRUE(TextOf("a").ok());
  EXPECT_TRUE(log_->ReadState("", "", kAll)->empty());
}

TEST_P(EraseContract, WhatWasReadBeforeStaysAsItWas) {
  AppendThree();
  const auto before = log_->Read(0, kAll);
  Erase({.revisions = {MakeEvent("e", 1, "-")}});
  EXPECT_EQ((*before)[0]->events(0).frame(), "quote") << "readers share it";
}

TEST_P(EraseContract, ScrubbingChangesNothingThatIsRead) {
  AppendThree();
  Erase({.revisions = {MakeEvent("e", 1, "-")}, .texts = {2}});
  stored::v1::ErasedPlaces places;
  places.add_records(2);
  places.add_event_ids("e");
  places.add_stage_prefixes("s");
  places.add_state_prefixes("dead/");
  for (int i = 0; i < 2; ++i) ASSERT_EQ(log_->Scrub(places), absl::OkStatus());
  EXPECT_THAT(Frames(0), ElementsAre("-", "other", "quotes", "else"));
  EXPECT_EQ(TextOf("b").value_or(""), "text");
}

class DurableEraseContract : public EraseContract {};

TEST_P(DurableEraseContract, IsTheSameAfterOpeningAgain) {
  AppendThree();
  Erase({.revisions = {MakeEvent("e", 1, "-")}, .texts = {2}, .state = {{"new", "2"}}});
  Reopen();
  EXPECT_THAT(Frames(0), ElementsAre("-", "other", "quotes", "else"));
  EXPECT_FALSE(TextOf("a").ok());
  EXPECT_EQ(log_->ReadState("", "", kAll)->size(), 1u);
  Append({MakeRecord("d", {MakeEvent("e", 3, "third")})});
  EXPECT_THAT(FramesOf("e"), ElementsAre("-", "quotes", "third"));
}

INSTANTIATE_TEST_SUITE_P(Engines, EraseContract, testing::ValuesIn(Engines()),
                         [](const auto& param) { return std::string(param.param.name); });
INSTANTIATE_TEST_SUITE_P(Engines, DurableEraseContract, testing::ValuesIn(DurableEngines()),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace demarche::log
