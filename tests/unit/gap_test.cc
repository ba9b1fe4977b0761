// What a durable subscription is told, and counts, of what retention dropped before it was delivered.
#include <memory>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/log/memory_log.h"
#include "server/record/record.h"
#include "server/subscription/hub.h"
#include "server/subscriptions/subscriptions.h"

namespace demarche::subscriptions {
namespace {

using ::testing::ElementsAre;

struct Deaf : subscription::Waiter {
  void OnMore() override {}
};

class GapTest : public ::testing::Test {
 protected:
  void Create(const std::string& filter = "", bool is_retained = false) {
    v1::Subscription wanted;
    wanted.set_name("desk");
    wanted.set_retain_until_acked(is_retained);
    if (!filter.empty()) wanted.add_filters()->set_filter(filter);
    ASSERT_TRUE(subscriptions->Create(wanted, {}).ok());
    group = *subscriptions->Find("desk");
  }
  // Events of this type, a record and a second each.
  void Append(int count, v1::EventType type = v1::EVENT_TYPE_AID) {
    std::vector<log::RecordPtr> durable;
    for (int i = 0; i < count; ++i) {
      now_us += 1'000'000;
      v1::DiplomaticEvent event;
      event.set_event_id("event " + std::to_string(now_us));
      event.set_revision(1);
      event.set_type(type);
      std::vector<stored::v1::Record> records(1);
      records[0].mutable_item()->set_news_item_id(event.event_id());
      *records[0].add_events() = record::MakeStoredEvent(event);
      ASSERT_TRUE(log.Append(records).ok());
      durable.push_back(std::make_shared<const stored::v1::Record>(records[0]));
    }
    hub.Publish(durable);
    hub.Dispatch();
  }
  // Drops the records of the first so many seconds, but what a subscription retains.
  void Trim(int seconds) {
    log::Retention retention;
    retention.records_before_us = int64_t{1'000'000} * seconds + 1;
    retention.keep_after = subscriptions->keep_after();
    while (*log.Trim(retention)) {
    }
  }
  // What a consumer gets until nothing is left: positions; gaps are noted and counted.
  std::vector<uint64_t> Consume(MemberId member, uint64_t credit = 100) {
    std::vector<uint64_t> positions;
    while (true) {
      const auto share = group->Next(member, {credit - positions.size(), 1 << 20}, /*may_read=*/true);
      if (!share.ok() || share->kind == Share::Kind::kIdle) return positions;
      for (const Delivery& delivery : share->deliveries) positions.push_back(delivery.event->position);
      if (share->kind == Share::Kind::kGap) gaps.push_back(share->gap_count);
    }
  }

  int64_t now_us = 0;
  log::MemoryLog log{[this] { return now_us; }};
  subscription::Hub hub{log.info(), {.max_events = 2, .max_bytes = 1 << 20}};
  std::unique_ptr<Subscriptions> subscriptions = *Subscriptions::Open(
      log, hub, {.now_us = [this] { return now_us; }, .wake = [](const subscription::WaiterPtr&) {}, .on_dirty = [] {}});
  GroupPtr group;
  const subscription::WaiterPtr waiter = std::make_shared<Deaf>();
  std::vector<uint64_t> gaps;
};

TEST_F(GapTest, CountsWhatWasDroppedBeforeAnyoneConsumed) {
  Create();
  Append(6);
  Trim(4);
  EXPECT_THAT(Consume(group->Join(waiter)), ElementsAre(5, 6));
  EXPECT_THAT(gaps, ElementsAre(4));
  EXPECT_EQ(group->Describe().lost_count(), 4u);
}

TEST_F(GapTest, DoesNotCountWhatWasDone) {
  Create();
  Append(3);
  const MemberId first = group->Join(waiter);
  EXPECT_THAT(Consume(first), ElementsAre(1, 2, 3));
  group->Ack(first, {{1, 1}, {3, 3}});
  group->Leave(first);
  ASSERT_TRUE(subscriptions->Commit().ok());
  subscriptions->Tick();  // nobody consumes: it keeps no events
  Append(4);
  Trim(5);
  EXPECT_THAT(Consume(group->Join(waiter)), ElementsAre(6, 7));
  EXPECT_THAT(gaps, ElementsAre(3)) << "2, 4 and 5";
  EXPECT_EQ(group->Describe().lost_count(), 3u);
}

TEST_F(GapTest, DoesNotCountWhatItWasKnownNotToWant) {
  Create("type = AID");
  const MemberId member = group->Join(waiter);
  Append(2, v1::EVENT_TYPE_CONSULT);
  EXPECT_THAT(Consume(member), ElementsAre());
  Append(4);
  Trim(4);
  EXPECT_THAT(Consume(member), ElementsAre(5, 6));
  EXPECT_THAT(gaps, ElementsAre(2)) << "3 and 4";
}

TEST_F(GapTest, RetentionWaitsForWhoAsksForIt) {
  Create("", /*is_retained=*/true);
  Append(6);
  Trim(4);
  EXPECT_THAT(Consume(group->Join(waiter)), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(gaps, ElementsAre());
}

}  // namespace
}  // namespace demarche::subscriptions
