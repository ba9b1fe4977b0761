#include "tests/contract/event_log_contract.h"

#include <limits>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/records.h"

namespace demarche::log {
namespace {

using ::demarche::support::MakeEvent;
using ::demarche::support::MakeRecord;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_P(EventLogContract, IsEmptyAtFirst) {
  const LogInfo info = log_->info();
  EXPECT_THAT(info.epoch, testing::MatchesRegex("[0-9a-f]{16}"));
  EXPECT_EQ(info.first_position, 0u);
  EXPECT_EQ(info.last_position, 0u);
  EXPECT_EQ(info.item_count, 0u);
  EXPECT_EQ(info.event_count, 0u);
  EXPECT_THAT(Positions(0), IsEmpty());
  EXPECT_EQ(PositionBefore(5), 0u);
}

TEST_P(EventLogContract, GivesOnePositionAnEventAndOneToARecordWithout) {
  std::vector<stored::v1::Record> records = {MakeRecord("a", {MakeEvent("e1", 1), MakeEvent("e2", 1)}), MakeRecord("b", {}),
                                             MakeRecord("c", {MakeEvent("e3", 1)})};
  ASSERT_TRUE(log_->Append(records).ok());
  EXPECT_EQ(records[0].last_position(), 2u);
  EXPECT_EQ(records[0].item().last_position(), 2u);
  EXPECT_EQ(records[0].news_item(), "text");
  EXPECT_EQ(records[1].last_position(), 3u);
  EXPECT_EQ(records[2].last_position(), 4u);
  EXPECT_EQ(records[2].append_time_us(), 1'000);
  EXPECT_EQ(records[2].item().append_time_us(), 1'000);
  const LogInfo info = log_->info();
  EXPECT_EQ(info.last_position, 4u);
  EXPECT_EQ(info.item_count, 3u);
  EXPECT_EQ(info.event_count, 3u);
}

TEST_P(EventLogContract, GoesOnWhereTheBatchBeforeEnded) {
  Append({MakeRecord("a", {MakeEvent("e1", 1)})});
  Append({MakeRecord("b", {MakeEvent("e2", 1), MakeEvent("e3", 1)})});
  EXPECT_THAT(Positions(0), ElementsAre(1, 3));
}

TEST_P(EventLogContract, AnEmptyBatchChangesNothing) {
  Append({});
  EXPECT_EQ(log_->info().last_position, 0u);
}

TEST_P(EventLogContract, ReadsWhatWasAppendedButTheText) {
  stored::v1::Record record = MakeRecord("a", {MakeEvent("e1", 1, "some frame")});
  record.set_ingest_time_us(77);
  record.mutable_events(0)->mutable_header()->set_kind("leader_call");
  std::vector<stored::v1::Record> records = {record};
  ASSERT_TRUE(log_->Append(records).ok());
  const auto read = log_->Read(0, kAll);
  ASSERT_TRUE(read.ok());
  ASSERT_THAT(*read, SizeIs(1));
  records[0].clear_news_item();
  EXPECT_EQ((*read)[0]->SerializeAsString(), records[0].SerializeAsString());
}

TEST_P(EventLogContract, ReadsAfterAPosition) {
  Append({MakeRecord("a", {MakeEvent("e1", 1), MakeEvent("e2", 1), MakeEvent("e3", 1)}), MakeRecord("b", {})});
  Append({MakeRecord("c", {MakeEvent("e4", 1)})});
  EXPECT_THAT(Positions(0), ElementsAre(3, 4, 5));
  EXPECT_THAT(Positions(2), ElementsAre(3, 4, 5)) << "a record that ends after the position is whole";
  EXPECT_THAT(Positions(3), ElementsAre(4, 5));
  EXPECT_THAT(Positions(4), ElementsAre(5));
  EXPECT_THAT(Positions(5), IsEmpty());
}

TEST_P(EventLogContract, ReadsAsManyAsFitButAtLeastOne) {
  const std::string frame(1'000, 'x');
  for (const char* id : {"a", "b", "c"})
    Append({MakeRecord(id, {MakeEvent(absl::StrCat("e", id), 1, frame)}, std::string(9'000, 't'))});
  EXPECT_THAT(Positions(0, 0), ElementsAre(1));
  EXPECT_THAT(Positions(0, 1'500), ElementsAre(1));
  EXPECT_THAT(Positions(0, 2'500), ElementsAre(1, 2)) << "texts do not count";
  EXPECT_THAT(Positions(1, 10'000), ElementsAre(2, 3));
}

TEST_P(EventLogContract, RefusesPositionsThatItDoesNotHave) {
  Begin(100);
  EXPECT_EQ(log_->info().first_position, 100u);
  EXPECT_EQ(log_->info().last_position, 100u);
  EXPECT_THAT(Positions(100), IsEmpty());
  Append({MakeRecord("a", {MakeEvent("e1", 1)})});
  EXPECT_THAT(Positions(100), ElementsAre(101));

  const absl::Status older = log_->Read(99, kAll).status();
  EXPECT_EQ(older.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(older.message()), testing::AllOf(HasSubstr("older"), HasSubstr("99"), HasSubstr("100")));
  const absl::Status newer = log_->Read(102, kAll).status();
  EXPECT_EQ(newer.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(newer.message()), testing::AllOf(HasSubstr("newer"), HasSubstr("102"), HasSubstr("101")));
}

TEST_P(EventLogContract, FindsThePositionBeforeATime) {
  for (int i = 1; i <= 20; ++i) {
    now_us_ = 1'000 * i;
    Append({MakeRecord(absl::StrCat("a", i), {MakeEvent(absl::StrCat("e", i), 1), MakeEvent(absl::StrCat("f", i), 1)})});
  }
  EXPECT_EQ(PositionBefore(0), 0u);
  EXPECT_EQ(PositionBefore(1'000), 0u) << "a record at the time is not before it";
  EXPECT_EQ(PositionBefore(1'001), 2u);
  EXPECT_EQ(PositionBefore(10'000), 18u);
  EXPECT_EQ(PositionBefore(20'000), 38u);
  EXPECT_EQ(PositionBefore(20'001), 40u);
  EXPECT_EQ(PositionBefore(std::numeric_limits<int64_t>::max()), 40u);
}

TEST_P(EventLogContract, ThePositionBeforeATimeIsNeverBeforeTheFirst) {
  Begin(100);
  EXPECT_EQ(PositionBefore(5'000), 100u);
  Append({MakeRecord("a", {MakeEvent("e1", 1), MakeEvent("e2", 1)})});
  EXPECT_EQ(PositionBefore(5), 100u);
  EXPECT_EQ(PositionBefore(5'000), 102u);
}

TEST_P(EventLogContract, TimesNeverRunBackwards) {
  now_us_ = 5'000;
  Append({MakeRecord("a", {MakeEvent("e1", 1)})});
  now_us_ = 3'000;
  std::vector<stored::v1::Record> records = {MakeRecord("b", {MakeEvent("e2", 1)})};
  ASSERT_TRUE(log_->Append(records).ok());
  EXPECT_EQ(records[0].append_time_us(), 5'000);
}

TEST_P(EventLogContract, FindsItemsByTheWholeKey) {
  stored::v1::Record record = MakeRecord("a", {MakeEvent("e1", 1)}, "the text");
  record.mutable_item()->set_outcome(v1::PUBLISH_OUTCOME_ACCEPTED);
  record.mutable_item()->set_content_sha256("hash");
  Append({record});
  const auto found = log_->FindItem({"principal", "publisher", "a"});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->content_sha256(), "hash");
  EXPECT_EQ(found->outcome(), v1::PUBLISH_OUTCOME_ACCEPTED);
  EXPECT_EQ(found->last_position(), 1u);
  EXPECT_THAT(found->event_ids(), ElementsAre("e1"));
  EXPECT_EQ(log_->FindNewsItem({"principal", "publisher", "a"}).value(), "the text");

  for (const ItemKey& key :
       {ItemKey{"principal", "publisher", "b"}, ItemKey{"principal", "other", "a"}, ItemKey{"x", "publisher", "a"},
        ItemKey{"principal", "publishera", ""}, ItemKey{"", "principalpublisher", "a"}}) {
    EXPECT_EQ(log_->FindItem(key).status().code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(log_->FindNewsItem(key).status().code(), absl::StatusCode::kNotFound);
  }
}

TEST_P(EventLogContract, TheLatestRecordOfAnItemIsTheOneFound) {
  Append({MakeRecord("a", {MakeEvent("e1", 1)}, "first")});
  Append({MakeRecord("a", {MakeEvent("e1", 2)}, "second")});
  EXPECT_EQ(log_->FindItem({"principal", "publisher", "a"})->last_position(), 2u);
  EXPECT_EQ(log_->FindNewsItem({"principal", "publisher", "a"}).value(), "second");
  EXPECT_EQ(log_->info().item_count, 2u);
}

TEST_P(EventLogContract, AnItemWithoutTextIsFoundWithoutText) {
  Append({MakeRecord("a", {}, "")});
  EXPECT_TRUE(log_->FindItem({"principal", "publisher", "a"}).ok());
  const absl::Status status = log_->FindNewsItem({"principal", "publisher", "a"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("not kept"));
}

TEST_P(EventLogContract, FindsTheLatestRevisionAndAllOfThem) {
  Append({MakeRecord("a", {MakeEvent("x", 1), MakeEvent("e1", 1, "one")})});
  now_us_ = 2'000;
  Append({MakeRecord("b", {MakeEvent("e1", 2, "two"), MakeEvent("e1x", 9)})});
  for (uint32_t revision = 3; revision <= 300; ++revision) Append({MakeRecord("c", {MakeEvent("e1", revision, "more")})});

  const auto latest = log_->FindEvent("e1");
  ASSERT_TRUE(latest.ok()) << latest.status();
  EXPECT_EQ(latest->event.revision(), 300u);
  EXPECT_EQ(latest->position, 302u);
  EXPECT_EQ(latest->append_time_us, 2'000);
  const auto place = log_->LocateEvent("e1");
  ASSERT_TRUE(place.ok()) << place.status();
  EXPECT_EQ(place->revision, 300u);
  EXPECT_EQ(place->record_position, 302u);
  EXPECT_EQ(log_->LocateEvent("e1x")->record_position, 4u);  // the last of the record

  const auto all = log_->FindRevisions("e1");
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_THAT(*all, SizeIs(300));
  for (size_t i = 0; i < all->size(); ++i) EXPECT_EQ((*all)[i].event.revision(), i + 1);
  EXPECT_EQ((*all)[0].position, 2u);
  EXPECT_EQ((*all)[0].event.frame(), "one");
  EXPECT_EQ((*all)[0].append_time_us, 1'000);
  EXPECT_EQ((*all)[1].position, 3u);
  EXPECT_EQ((*all)[1].event.frame(), "two");
}

TEST_P(EventLogContract, AnEventThatIsNotThereIsNotFound) {
  Append({MakeRecord("a", {MakeEvent("event", 1)})});
  for (const char* id : {"", "even", "event2", "f"}) {
    EXPECT_EQ(log_->FindEvent(id).status().code(), absl::StatusCode::kNotFound) << id;
    EXPECT_EQ(log_->LocateEvent(id).status().code(), absl::StatusCode::kNotFound) << id;
    EXPECT_EQ(log_->FindRevisions(id).status().code(), absl::StatusCode::kNotFound) << id;
  }
}

TEST_P(EventLogContract, RefusesABatchWithAnInvalidRecordAsAWhole) {
  struct Case {
    stored::v1::Record record;
    const char* message;
  };
  stored::v1::Record without_item = MakeRecord("b", {});
  without_item.clear_item();
  const Case cases[] = {
      {MakeRecord("b", {MakeEvent("", 1)}), "records[1].events[0].event_id is empty"},
      {MakeRecord("b", {MakeEvent("e2", 1), MakeEvent("e3", 0)}), "records[1].events[1].revision is 0"},
      {MakeRecord("b", {MakeEvent("e2", 1, "")}), "records[1].events[0].frame is empty"},
      {without_item, "records[1].news_item is set but item is not"},
  };
  for (const Case& c : cases) {
    std::vector<stored::v1::Record> records = {MakeRecord("a", {MakeEvent("e1", 1)}), c.record};
    const absl::Status status = log_->Append(records);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(status.message(), c.message);
  }
  EXPECT_EQ(log_->info().last_position, 0u);
  EXPECT_EQ(log_->FindEvent("e1").status().code(), absl::StatusCode::kNotFound);
  Append({MakeRecord("a", {MakeEvent("e1", 1)})});
  EXPECT_THAT(Positions(0), ElementsAre(1));
}

// Reads through the log while it grows: sees a prefix without a gap, and finds what it has seen.
void Follow(const EventLog& log, uint64_t end) {
  uint64_t after = 0;
  while (after < end && !testing::Test::HasFailure()) {
    const auto records = log.Read(after, 4'096);
    ASSERT_TRUE(records.ok()) << records.status();
    for (const RecordPtr& record : *records) {
      ASSERT_EQ(record->last_position(), after + 2);
      after = record->last_position();
      ASSERT_EQ(log.FindItem({"principal", "publisher", record->item().news_item_id()})->last_position(), after);
      ASSERT_EQ(log.FindEvent(record->events(0).event_id())->position, after - 1);
    }
    ASSERT_LE(after, log.info().last_position);
  }
}

TEST_P(EventLogContract, ReadersFollowWhileItGrows) {
  constexpr int kBatches = 100;
  constexpr int kRecords = 5;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) readers.emplace_back([this] { Follow(*log_, 2 * kBatches * kRecords); });
  int next = 0;
  for (int batch = 0; batch < kBatches; ++batch) {
    std::vector<stored::v1::Record> records;
    for (int i = 0; i < kRecords; ++i, ++next) {
      const std::string id = absl::StrCat(next);
      records.push_back(MakeRecord(id, {MakeEvent(absl::StrCat("e", id), 1), MakeEvent(absl::StrCat("f", id), 1)}));
    }
    Append(records);
  }
  for (std::thread& reader : readers) reader.join();
}

TEST_P(DurableLogContract, IsTheSameAfterOpeningAgain) {
  now_us_ = 9'000;
  Append({MakeRecord("a", {MakeEvent("e1", 1), MakeEvent("e2", 1)}, "text of a")});
  Append({MakeRecord("b", {})});
  const LogInfo before = log_->info();
  Reopen();
  const LogInfo after = log_->info();
  EXPECT_EQ(after.epoch, before.epoch);
  EXPECT_EQ(after.last_position, 3u);
  EXPECT_EQ(after.item_count, 2u);
  EXPECT_EQ(after.event_count, 2u);
  EXPECT_THAT(Positions(0), ElementsAre(2, 3));
  EXPECT_EQ(log_->FindNewsItem({"principal", "publisher", "a"}).value(), "text of a");
  EXPECT_EQ(log_->FindEvent("e2")->position, 2u);

  now_us_ = 4'000;
  std::vector<stored::v1::Record> records = {MakeRecord("c", {MakeEvent("e1", 2)})};
  ASSERT_TRUE(log_->Append(records).ok());
  EXPECT_EQ(records[0].last_position(), 4u);
  EXPECT_EQ(records[0].append_time_us(), 9'000) << "times do not run backwards over a restart";
  EXPECT_EQ(log_->FindEvent("e1")->position, 4u);
  Reopen();
  EXPECT_EQ(log_->info().item_count, 3u);
}

TEST_P(DurableLogContract, KeepsItsFirstPositionAfterOpeningAgain) {
  Begin(100);
  setup_.first_position = 0;
  Reopen();
  EXPECT_EQ(log_->info().first_position, 100u);
  EXPECT_EQ(log_->info().last_position, 100u);
}

TEST_P(EventLogContract, TakesNoGapMarkers) {
  stored::v1::Record marker;
  marker.set_lost_after(3);
  std::vector<stored::v1::Record> records = {marker};
  const absl::Status status = log_->Append(records);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("records[0].lost_after is set"));
}

TEST_P(EventLogContract, EachLogHasAnEpochOfItsOwn) {
  const std::string epoch = log_->info().epoch;
  Begin(0);
  EXPECT_NE(log_->info().epoch, epoch);
}

INSTANTIATE_TEST_SUITE_P(Engines, EventLogContract, testing::ValuesIn(Engines()),
                         [](const auto& param) { return std::string(param.param.name); });
INSTANTIATE_TEST_SUITE_P(Engines, DurableLogContract, testing::ValuesIn(DurableEngines()),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace demarche::log
