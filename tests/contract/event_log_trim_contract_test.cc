#include <algorithm>
#include <thread>

#include "demarche/v1/event.pb.h"
#include "gmock/gmock.h"
#include "tests/contract/event_log_contract.h"
#include "tests/support/records.h"

namespace demarche::log {
namespace {

using ::demarche::support::MakeEvent;
using ::demarche::support::MakeRecord;
using ::testing::ElementsAre;

constexpr int64_t kStepUs = 1'000;

stored::v1::StoredEvent Retracted(stored::v1::StoredEvent event) {
  event.mutable_header()->set_state(v1::EVENT_STATE_RETRACTED);
  return event;
}

// Dropping old records. Record n is appended at n ms, in a batch of its own.
class TrimContract : public EventLogContract {
 protected:
  void AppendNext(std::initializer_list<stored::v1::StoredEvent> events, const std::string& item_id = "") {
    now_us_ = kStepUs * ++count_;
    Append({MakeRecord(item_id.empty() ? absl::StrCat("i", count_) : item_id, events)});
  }
  // Until nothing more may go. The interval engine trims no further than what it has synced, which takes a moment.
  void Trim(const Retention& retention, uint64_t first_position) {
    while (true) {
      const auto dropped = log_->Trim(retention);
      ASSERT_TRUE(dropped.ok()) << dropped.status();
      if (!*dropped && log_->info().first_position == first_position) return;
      std::this_thread::yield();
    }
  }
  std::vector<uint64_t> PositionsOf(std::string_view event_id) {
    const auto revisions = log_->FindRevisions(event_id);
    std::vector<uint64_t> positions;
    for (const FoundEvent& found : revisions.ok() ? *revisions : std::vector<FoundEvent>()) positions.push_back(found.position);
    return positions;
  }
  bool Knows(std::string_view item_id) { return log_->FindItem({"principal", "publisher", item_id}).ok(); }

  int64_t count_ = 0;
};

TEST_P(TrimContract, WithoutBoundsNothingGoes) {
  for (int i = 0; i < 3; ++i) AppendNext({MakeEvent(absl::StrCat("e", i), 1)});
  const auto dropped = log_->Trim({});
  ASSERT_TRUE(dropped.ok()) << dropped.status();
  EXPECT_FALSE(*dropped);
  EXPECT_EQ(log_->info().first_position, 0u);
}

TEST_P(TrimContract, DropsWhatIsTooOld) {
  for (int i = 1; i <= 5; ++i) AppendNext({MakeEvent(absl::StrCat("e", i), 1), MakeEvent(absl::StrCat("f", i), 1)});
  const LogInfo before = log_->info();
  Trim({.records_before_us = 3 * kStepUs}, 4);
  EXPECT_THAT(Positions(4), ElementsAre(6, 8, 10));
  EXPECT_EQ(log_->Read(3, kAll).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(PositionBefore(0), 4u);
  EXPECT_EQ(PositionBefore(4 * kStepUs), 6u);
  const LogInfo after = log_->info();
  EXPECT_EQ(after.last_position, 10u);
  EXPECT_EQ(after.event_count, 10u) << "since the log began";
  EXPECT_EQ(after.epoch, before.epoch);
  EXPECT_NEAR(static_cast<double>(after.byte_count), static_cast<double>(before.byte_count) * 3 / 5, 20);
}

TEST_P(TrimContract, DropsWhatIsTooMuch) {
  for (int i = 1; i <= 10; ++i) AppendNext({MakeEvent(absl::StrCat("e", i), 1, std::string(1'000, 'f'))});
  const uint64_t record_bytes = log_->info().byte_count / 10;
  Trim({.max_bytes = 4 * record_bytes + 100}, 6);
  EXPECT_THAT(Positions(6), ElementsAre(7, 8, 9, 10));
  EXPECT_LE(log_->info().byte_count, 4 * record_bytes + 100);
}

TEST_P(TrimContract, TheLastBatchStays) {
  for (int i = 1; i <= 3; ++i) AppendNext({MakeEvent(absl::StrCat("e", i), 1)});
  Trim({.records_before_us = 100 * kStepUs, .max_bytes = 1}, 2);
  EXPECT_THAT(Positions(2), ElementsAre(3));
  AppendNext({MakeEvent("e4", 1)});
  EXPECT_THAT(Positions(2), ElementsAre(3, 4));
}

TEST_P(TrimContract, TheLatestRevisionOfALiveEventStays) {
  AppendNext({MakeEvent("old", 1, "one"), MakeEvent("same", 1)});
  AppendNext({MakeEvent("old", 2, "two"), MakeEvent("moved", 1)});
  AppendNext({MakeEvent("moved", 2)});
  Trim({.records_before_us = 3 * kStepUs}, 4);
  EXPECT_THAT(PositionsOf("old"), ElementsAre(3)) << "the one before it went";
  EXPECT_THAT(PositionsOf("same"), ElementsAre(2));
  EXPECT_THAT(PositionsOf("moved"), ElementsAre(5)) << "the one that is not the latest went";
  const auto kept = log_->FindEvent("old");
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(kept->event.revision(), 2u);
  EXPECT_EQ(kept->event.frame(), "two");
  EXPECT_EQ(kept->append_time_us, 2 * kStepUs);
  EXPECT_EQ(log_->LocateEvent("old")->revision, 2u);
  EXPECT_EQ(log_->LocateEvent("old")->record_position, 4u);
}

TEST_P(TrimContract, AKeptRevisionGoesWhenALaterOneIsKept) {
  AppendNext({MakeEvent("e", 1)});
  AppendNext({MakeEvent("x", 1)});
  Trim({.records_before_us = 2 * kStepUs}, 1);
  AppendNext({MakeEvent("e", 2)});
  AppendNext({MakeEvent("y", 1)});
  EXPECT_THAT(PositionsOf("e"), ElementsAre(1, 3));
  Trim({.records_before_us = 4 * kStepUs}, 3);
  EXPECT_THAT(PositionsOf("e"), ElementsAre(3));
}

TEST_P(TrimContract, ARetractedEventGoesWithAllItsRevisions) {
  AppendNext({MakeEvent("e", 1)});
  AppendNext({Retracted(MakeEvent("e", 2))});
  AppendNext({Retracted(MakeEvent("f", 1)), MakeEvent("f", 2)});
  AppendNext({MakeEvent("x", 1)});
  Trim({.records_before_us = 2 * kStepUs}, 1);
  EXPECT_THAT(PositionsOf("e"), ElementsAre(2));
  Trim({.records_before_us = 4 * kStepUs}, 4);
  EXPECT_EQ(log_->FindEvent("e").status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(PositionsOf("f"), ElementsAre(4)) << "it came back";
}

TEST_P(TrimContract, ItemsAreForgottenByAnAgeOfTheirOwn) {
  for (int i = 1; i <= 4; ++i) AppendNext({MakeEvent(absl::StrCat("e", i), 1)});
  Trim({.records_before_us = 4 * kStepUs, .items_before_us = 2 * kStepUs}, 3);
  EXPECT_FALSE(Knows("i1"));
  EXPECT_TRUE(Knows("i2"));
  EXPECT_TRUE(Knows("i4"));
  EXPECT_EQ(log_->FindNewsItem({"principal", "publisher", "i2"}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(log_->FindNewsItem({"principal", "publisher", "i4"}).ok());
  Trim({.items_before_us = 100 * kStepUs}, 3);
  EXPECT_FALSE(Knows("i3"));
  EXPECT_TRUE(Knows("i4")) << "its record is there";
}

TEST_P(TrimContract, ALaterRecordGoesOnRememberingTheItem) {
  AppendNext({MakeEvent("e1", 1)}, "a");
  AppendNext({MakeEvent("e2", 1)}, "b");
  AppendNext({MakeEvent("e1", 2)}, "a");
  Trim({.records_before_us = 3 * kStepUs, .items_before_us = 100 * kStepUs}, 2);
  EXPECT_TRUE(Knows("a"));
  EXPECT_FALSE(Knows("b"));
}

TEST_P(TrimContract, ALongLogGoesInSteps) {
  constexpr int kRecords = 300;
  for (int i = 1; i <= kRecords; ++i) AppendNext({MakeEvent(absl::StrCat("e", i), 1)});
  Trim({.records_before_us = (kRecords - 1) * kStepUs}, kRecords - 2);
  EXPECT_THAT(Positions(kRecords - 2), ElementsAre(kRecords - 1, kRecords));
  EXPECT_EQ(log_->FindEvent("e1")->position, 1u);
  EXPECT_EQ(log_->FindEvent("e123")->position, 123u);
}

TEST_P(TrimContract, ReadersAndAppendsGoOnMeanwhile) {
  constexpr uint64_t kRecords = 400;
  AppendNext({MakeEvent("e0", 1)});
  std::thread trimmer([this] {
    while (log_->info().last_position < kRecords) {
      const uint64_t last = log_->info().last_position;
      const int64_t before_us = static_cast<int64_t>(std::max<uint64_t>(last, 20) - 20) * kStepUs;
      EXPECT_TRUE(log_->Trim({.records_before_us = before_us}).ok());
    }
  });
  std::thread reader([this] {
    uint64_t after = 0;
    while (after < kRecords) {
      const auto records = log_->Read(after, 4'096);
      if (records.status().code() == absl::StatusCode::kOutOfRange) {
        ASSERT_LT(after, log_->info().first_position);
        after = log_->info().first_position;
        continue;
      }
      ASSERT_TRUE(records.ok()) << records.status();
      for (const RecordPtr& record : *records) ASSERT_EQ(record->last_position(), ++after);
    }
  });
  for (uint64_t i = 1; i < kRecords; ++i) AppendNext({MakeEvent(absl::StrCat("e", i), 1)});
  trimmer.join();
  reader.join();
}

class DurableTrimContract : public TrimContract {};

TEST_P(DurableTrimContract, IsTheSameAfterOpeningAgain) {
  for (int i = 1; i <= 200; ++i) AppendNext({MakeEvent(absl::StrCat("e", i % 50), static_cast<uint32_t>(i))});
  Trim({.records_before_us = 180 * kStepUs, .items_before_us = 100 * kStepUs}, 179);
  Reopen();
  EXPECT_EQ(log_->info().first_position, 179u);
  EXPECT_EQ(log_->info().last_position, 200u);
  EXPECT_EQ(Positions(179).size(), 21u);
  EXPECT_THAT(PositionsOf("e20"), ElementsAre(170));
  EXPECT_THAT(PositionsOf("e40"), ElementsAre(190));
  EXPECT_FALSE(Knows("i99"));
  EXPECT_TRUE(Knows("i100"));
  AppendNext({MakeEvent("e20", 201)});
  EXPECT_THAT(PositionsOf("e20"), ElementsAre(170, 201));
}

INSTANTIATE_TEST_SUITE_P(Engines, TrimContract, testing::ValuesIn(Engines()),
                         [](const auto& param) { return std::string(param.param.name); });
INSTANTIATE_TEST_SUITE_P(Engines, DurableTrimContract, testing::ValuesIn(DurableEngines()),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace demarche::log
