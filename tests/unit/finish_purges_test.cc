// What a purge has to do beside the log: events at work, dead letters, and what a process that ended left to be done.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/log/memory_log.h"
#include "server/record/purge.h"
#include "server/record/record.h"
#include "server/subscription/hub.h"
#include "server/subscriptions/subscriptions.h"

namespace demarche::subscriptions {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

struct PurgeWaiter : subscription::Waiter {
  void OnMore() override {}
};

// A log that notes what is scrubbed, and fails when told.
class ScrubLog : public log::MemoryLog {
 public:
  absl::Status Scrub(const stored::v1::ErasedPlaces& places) override {
    scrubbed.push_back(places);
    return failure;
  }
  std::vector<stored::v1::ErasedPlaces> scrubbed;
  absl::Status failure;
};

class FinishPurgesTest : public ::testing::Test {
 protected:
  FinishPurgesTest() { Restart(); }

  void Restart() {
    subscriptions_.reset();
    subscriptions_ = *Subscriptions::Open(
        log_, hub_, {.now_us = [] { return 1; }, .wake = [](const subscription::WaiterPtr&) {}, .on_dirty = [] {}});
  }
  GroupPtr Create(const std::string& name, uint32_t max_deliveries) {
    v1::Subscription wanted;
    wanted.set_name(name);
    wanted.set_max_deliveries(max_deliveries);
    EXPECT_TRUE(subscriptions_->Create(wanted, {}).ok());
    return *subscriptions_->Find(name);
  }
  void Append(const std::string& event_id, const std::string& publisher) {
    v1::DiplomaticEvent event;
    event.set_event_id(event_id);
    event.set_revision(1);
    event.add_evidence()->set_sentence("secret of " + publisher);
    event.mutable_evidence(0)->set_publisher(publisher);
    event.mutable_evidence(0)->set_news_item_id("1");
    std::vector<stored::v1::Record> records(1);
    records[0].mutable_item()->set_news_item_id(event_id);
    *records[0].add_events() = record::MakeStoredEvent(event);
    ASSERT_TRUE(log_.Append(records).ok());
    hub_.Publish({std::make_shared<const stored::v1::Record>(records[0])});
    hub_.Dispatch();
  }
  // As the log is left when item 1 of A, which told of event e, was erased from it.
  void Erase() {
    stored::v1::Purge purge;
    purge.set_publisher("A");
    purge.set_news_item_id("1");
    purge.add_event_ids("e");
    purge.mutable_places()->add_records(1);
    stored::v1::StoredEvent erased = log_.FindEvent("e")->event;
    ASSERT_TRUE(*record::QuoteEraser(purge).EraseFrom(*erased.mutable_frame()));
    stored::v1::Record record;
    record.mutable_item()->set_news_item_id("1");
    const std::string key = std::string(record::kPurgePrefix) + "1";
    ASSERT_TRUE(log_.Erase(record, {.revisions = {erased}, .state = {{key, purge.SerializeAsString()}}}).ok());
    hub_.Forget();
  }
  // What one delivery gives, all frames together; the member leaves, so that it is free again, or given up on.
  static std::string Deliver(Group& group, const subscription::WaiterPtr& waiter) {
    const MemberId member = group.Join(waiter);
    std::string frames;
    while (true) {
      const auto share = group.Next(member, {100, 1 << 20}, /*may_read=*/true);
      if (!share.ok() || share->kind == Share::Kind::kIdle) break;
      for (const Delivery& delivery : share->deliveries) frames += delivery.event->frame;
    }
    group.Leave(member);
    return frames;
  }
  std::string DeadFrames(const std::string& name) {
    std::string frames;
    const auto letters = subscriptions_->ListDeadLetters(name, "", 100);
    for (const v1::DiplomaticEvent& event : letters->batch.events()) frames += event.SerializeAsString();
    return frames;
  }
  size_t PendingRows() { return log_.ReadState(record::kPurgePrefix, "", 1 << 20)->size(); }

  ScrubLog log_;
  subscription::Hub hub_{log_.info(), {}};
  std::unique_ptr<Subscriptions> subscriptions_;
  const subscription::WaiterPtr waiter_ = std::make_shared<PurgeWaiter>();
};

TEST_F(FinishPurgesTest, EventsAtWorkAreDeliveredAgainWithoutTheWords) {
  const GroupPtr group = Create("desk", 5);
  Append("e", "A");
  Append("f", "B");
  EXPECT_TRUE(absl::StrContains(Deliver(*group, waiter_), "secret of A")) << "the control";
  Erase();
  ASSERT_EQ(subscriptions_->FinishPurges(), absl::OkStatus());
  const std::string again = Deliver(*group, waiter_);
  EXPECT_FALSE(absl::StrContains(again, "secret of A"));
  EXPECT_TRUE(absl::StrContains(again, "secret of B"));
}

TEST_F(FinishPurgesTest, DeadLettersLoseTheWordsAtRestAndWhenTheyAreReplayed) {
  const GroupPtr group = Create("desk", 1);
  Append("e", "A");
  Append("f", "B");
  Deliver(*group, waiter_);
  ASSERT_TRUE(subscriptions_->Commit().ok());
  ASSERT_TRUE(absl::StrContains(DeadFrames("desk"), "secret of A")) << "the control";
  Erase();
  ASSERT_EQ(subscriptions_->FinishPurges(), absl::OkStatus());
  EXPECT_FALSE(absl::StrContains(DeadFrames("desk"), "secret of A"));
  EXPECT_TRUE(absl::StrContains(DeadFrames("desk"), "secret of B"));
  ASSERT_EQ(*subscriptions_->Replay("desk", {}), 2u);
  EXPECT_FALSE(absl::StrContains(Deliver(*group, waiter_), "secret of A"));
}

// Given up on, and not yet on the disk: its own copy becomes the dead letter.
TEST_F(FinishPurgesTest, WhatBecomesADeadLetterAfterwardsIsWithoutTheWords) {
  const GroupPtr group = Create("desk", 1);
  Append("e", "A");
  Deliver(*group, waiter_);
  Erase();
  ASSERT_EQ(subscriptions_->FinishPurges(), absl::OkStatus());
  ASSERT_TRUE(subscriptions_->Commit().ok());
  EXPECT_TRUE(absl::StrContains(DeadFrames("desk"), "e"));
  EXPECT_FALSE(absl::StrContains(DeadFrames("desk"), "secret"));
}

TEST_F(FinishPurgesTest, WhatAProcessLeftIsFinishedByTheNext) {
  Create("desk", 1);
  Append("e", "A");
  Deliver(**subscriptions_->Find("desk"), waiter_);
  ASSERT_TRUE(subscriptions_->Commit().ok());
  Erase();
  Restart();
  EXPECT_TRUE(absl::StrContains(DeadFrames("desk"), "secret")) << "the control";
  ASSERT_EQ(subscriptions_->FinishPurges(), absl::OkStatus());
  EXPECT_FALSE(absl::StrContains(DeadFrames("desk"), "secret"));
  EXPECT_EQ(PendingRows(), 0u);
}

TEST_F(FinishPurgesTest, TheFilesComeAfterTheDeadLettersAndTheRowGoesLast) {
  Append("e", "A");
  Erase();
  log_.failure = absl::UnavailableError("a reader holds on");
  EXPECT_EQ(subscriptions_->FinishPurges(), log_.failure);
  EXPECT_EQ(PendingRows(), 1u) << "a repeat completes it";
  log_.failure = absl::OkStatus();
  ASSERT_EQ(subscriptions_->FinishPurges(), absl::OkStatus());
  EXPECT_EQ(PendingRows(), 0u);
  ASSERT_EQ(subscriptions_->FinishPurges(), absl::OkStatus());
  ASSERT_THAT(log_.scrubbed, SizeIs(2));
  EXPECT_THAT(log_.scrubbed[1].records(), testing::ElementsAre(1));
  EXPECT_THAT(log_.scrubbed[1].state_prefixes(), testing::ElementsAre("dead/"));
}

}  // namespace
}  // namespace demarche::subscriptions
