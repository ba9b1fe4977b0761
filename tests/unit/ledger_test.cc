#include "server/subscriptions/ledger.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace demarche::subscriptions {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr MemberId kAnn = 1;
constexpr MemberId kBob = 2;

// A ledger with a clock, and short words for what is done to it.
class LedgerTest : public ::testing::Test {
 protected:
  void Add(uint64_t position, std::vector<uint64_t> pairs = {}) {
    Event event;
    event.position = position;
    event.frame = "frame";
    event.pairs = std::move(pairs);
    ledger.Add(std::make_shared<const Event>(event));
  }
  void AddUpTo(uint64_t last) {
    for (uint64_t position = ledger.considered() + 1; position <= last; ++position) Add(position);
  }
  std::vector<uint64_t> Lease(MemberId member, uint64_t events = 100) {
    std::vector<uint64_t> positions;
    for (const Delivery& delivery : ledger.Lease(member, events, 1 << 20, now)) {
      positions.push_back(delivery.event->position);
      last_count = delivery.count;
    }
    return positions;
  }
  std::vector<uint64_t> Ack(MemberId member, uint64_t first, uint64_t last) {
    std::vector<uint64_t> lost;
    ledger.Ack(member, {first, last}, lost);
    return lost;
  }
  void Nack(MemberId member, uint64_t position, milliseconds delay = milliseconds(0)) {
    ledger.Nack(member, {position, position}, delay, now);
  }
  Ledger::Commit Commit() {
    auto commit = ledger.BeginCommit();
    ledger.EndCommit(true);
    return commit;
  }
  void Pass(milliseconds time) {
    now += time;
    ledger.Expire(now);
  }

  TimePoint now{};
  Ledger ledger{{.lease = seconds(30), .max_deliveries = 3}, {}};
  uint32_t last_count = 0;
};

TEST_F(LedgerTest, AnEventIsWithOneConsumerAtATime) {
  AddUpTo(4);
  EXPECT_THAT(Lease(kAnn, 3), ElementsAre(1, 2, 3));
  EXPECT_THAT(Lease(kBob), ElementsAre(4));
  EXPECT_THAT(Lease(kBob), IsEmpty());
}

TEST_F(LedgerTest, ALeaseThatRunsOutGoesToAnother) {
  AddUpTo(1);
  Lease(kAnn);
  Pass(milliseconds(29'999));
  EXPECT_THAT(Lease(kBob), IsEmpty());
  Pass(milliseconds(1));
  EXPECT_THAT(Lease(kBob), ElementsAre(1));
  EXPECT_EQ(last_count, 2u);
  EXPECT_THAT(Ack(kAnn, 1, 1), ElementsAre(1));
  EXPECT_THAT(Ack(kBob, 1, 1), IsEmpty());
  EXPECT_EQ(Commit().progress.done_through(), 1u);
}

TEST_F(LedgerTest, AnAcknowledgementThatComesLateCountsWhileNobodyElseWorksOnIt) {
  AddUpTo(1);
  Lease(kAnn);
  Pass(seconds(30));
  EXPECT_THAT(Ack(kAnn, 1, 1), IsEmpty());
  EXPECT_THAT(Lease(kBob), IsEmpty());
}

TEST_F(LedgerTest, LeavingFreesLeasesAtOnce) {
  AddUpTo(2);
  Lease(kAnn);
  ledger.Leave(kAnn);
  EXPECT_THAT(Lease(kBob), ElementsAre(1, 2));
}

TEST_F(LedgerTest, ANackMayPutOff) {
  AddUpTo(1);
  Lease(kAnn);
  Nack(kAnn, 1, seconds(5));
  EXPECT_THAT(Lease(kAnn), IsEmpty());
  Pass(seconds(5));
  EXPECT_THAT(Lease(kAnn), ElementsAre(1));
}

TEST_F(LedgerTest, ANackOfAnothersEventDoesNothing) {
  AddUpTo(1);
  Lease(kAnn);
  Nack(kBob, 1);
  EXPECT_THAT(Lease(kBob), IsEmpty());
}

TEST_F(LedgerTest, AfterEnoughDeliveriesItIsADeadLetter) {
  AddUpTo(1);
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(Lease(kAnn), ElementsAre(1));
    Nack(kAnn, 1);
  }
  EXPECT_THAT(Lease(kAnn), IsEmpty());
  const auto commit = Commit();
  ASSERT_EQ(commit.buried.size(), 1u);
  EXPECT_EQ(commit.buried[0].count, 3u);
  EXPECT_EQ(commit.progress.done_through(), 1u);
  EXPECT_EQ(ledger.dead_count(), 1u);
}

TEST_F(LedgerTest, AnAcknowledgementThatComesAfterTheLastLeaseSavesTheEventUntilTheDiskKnowsItAsDead) {
  AddUpTo(2);
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(Lease(kAnn), ElementsAre(1, 2));
    Nack(kAnn, 1);
    Nack(kAnn, 2);
  }
  EXPECT_THAT(Ack(kAnn, 1, 1), IsEmpty());
  const auto commit = Commit();
  ASSERT_EQ(commit.buried.size(), 1u);
  EXPECT_EQ(commit.buried[0].event->position, 2u);
  EXPECT_EQ(ledger.dead_count(), 1u);
  EXPECT_THAT(Ack(kAnn, 1, 2), ElementsAre(2)) << "a dead letter stays one";
  EXPECT_THAT(Ack(kBob, 1, 2), IsEmpty()) << "who never had it loses nothing";

  ledger.Replay(commit.buried[0].event);
  EXPECT_THAT(Ack(kAnn, 1, 2), IsEmpty()) << "nobody works on it";
  EXPECT_THAT(Lease(kBob), IsEmpty());
  EXPECT_THAT(Commit().unburied, ElementsAre(2));
}

TEST_F(LedgerTest, AReplayedDeadLetterIsOneUntilItIsAcknowledged) {
  ledger.Pass(5);
  Event event;
  event.position = 3;
  ledger.Replay(std::make_shared<const Event>(event));
  EXPECT_THAT(Lease(kAnn), ElementsAre(3));
  EXPECT_EQ(ledger.dead_count(), 1u);
  Ack(kAnn, 3, 3);
  const auto commit = Commit();
  EXPECT_THAT(commit.unburied, ElementsAre(3));
  EXPECT_EQ(commit.progress.done_through(), 5u);
  EXPECT_EQ(ledger.dead_count(), 0u);
}

TEST_F(LedgerTest, AReplayedDeadLetterThatLiesAheadComesInItsPlaceAndOnce) {
  Event event;
  event.position = 3;
  ledger.AddDead(3);
  ledger.Replay(std::make_shared<const Event>(event));
  EXPECT_THAT(Lease(kAnn), IsEmpty());
  AddUpTo(4);
  EXPECT_THAT(Lease(kAnn), ElementsAre(1, 2, 3, 4));
  Ack(kAnn, 1, 4);
  const auto commit = Commit();
  EXPECT_THAT(commit.unburied, ElementsAre(3));
  EXPECT_EQ(commit.progress.done_through(), 4u);
}

TEST_F(LedgerTest, AReplayedDeadLetterThatIsNoLongerInTheLogComesFromItsCopy) {
  Event event;
  event.position = 3;
  ledger.AddDead(3);
  ledger.Replay(std::make_shared<const Event>(event));
  ledger.Lose(5);
  EXPECT_THAT(Lease(kAnn), ElementsAre(3));
}

TEST_F(LedgerTest, ProgressHoldsWhatIsDoneOutOfOrder) {
  AddUpTo(6);
  Lease(kAnn);
  Ack(kAnn, 2, 3);
  Ack(kAnn, 5, 5);
  const auto progress = Commit().progress;
  EXPECT_EQ(progress.done_through(), 0u);
  EXPECT_THAT(progress.done_ranges(), ElementsAre(2, 3, 5, 5));

  Ledger later({.lease = seconds(30), .max_deliveries = 3}, progress);
  ledger = later;
  AddUpTo(7);
  EXPECT_THAT(Lease(kAnn), ElementsAre(1, 4, 6, 7));
}

TEST_F(LedgerTest, WhatTheDiskRefusedStaysToBeCommitted) {
  AddUpTo(2);
  Lease(kAnn);
  Ack(kAnn, 1, 1);
  ledger.BeginCommit();
  Ack(kAnn, 2, 2);
  ledger.EndCommit(false);
  EXPECT_TRUE(ledger.is_dirty());
  EXPECT_EQ(ledger.done_through(), 0u);
  EXPECT_EQ(Commit().progress.done_through(), 2u);
  EXPECT_FALSE(ledger.is_dirty());
}

TEST_F(LedgerTest, WhatIsAcknowledgedDuringACommitWaitsForTheNext) {
  AddUpTo(2);
  Lease(kAnn);
  Ack(kAnn, 1, 1);
  EXPECT_EQ(ledger.BeginCommit().progress.done_through(), 1u);
  Ack(kAnn, 2, 2);
  ledger.EndCommit(true);
  EXPECT_EQ(ledger.done_through(), 1u);
  EXPECT_TRUE(ledger.is_dirty());
}

TEST_F(LedgerTest, APairOfPartiesIsOneAtATimeAndInOrder) {
  Add(1, {7});
  Add(2, {7, 8});
  Add(3, {8});
  Add(4, {9});
  EXPECT_THAT(Lease(kAnn), ElementsAre(1, 4));
  Ack(kAnn, 1, 1);
  EXPECT_THAT(Lease(kAnn), IsEmpty()) << "not before it is on the disk";
  Commit();
  EXPECT_THAT(Lease(kBob), ElementsAre(2));
  Nack(kBob, 2);
  EXPECT_THAT(Lease(kAnn), ElementsAre(2)) << "the one that came first, again";
}

TEST_F(LedgerTest, WhatIsLostIsCountedWithoutWhatIsDone) {
  AddUpTo(4);
  Lease(kAnn);
  Ack(kAnn, 2, 3);
  ledger = Ledger({.lease = seconds(30), .max_deliveries = 3}, Commit().progress);
  EXPECT_EQ(ledger.Lose(10), 8u);
  EXPECT_EQ(ledger.lost_count(), 8u);
  EXPECT_EQ(ledger.considered(), 10u);
}

TEST_F(LedgerTest, RewindingKeepsWhatIsDoneAndTheCounts) {
  AddUpTo(4);
  Lease(kAnn);
  Ack(kAnn, 2, 2);
  EXPECT_FALSE(ledger.Rewind()) << "leases are out";
  Commit();
  ledger.Leave(kAnn);
  ASSERT_TRUE(ledger.Rewind());
  EXPECT_EQ(ledger.considered(), 0u);
  AddUpTo(5);
  EXPECT_THAT(Lease(kAnn, 1), ElementsAre(1));
  EXPECT_EQ(last_count, 2u);
  EXPECT_THAT(Lease(kAnn), ElementsAre(3, 4, 5));
}

TEST_F(LedgerTest, MovingBeginsAnew) {
  AddUpTo(4);
  Lease(kAnn);
  Ack(kAnn, 1, 4);
  Commit();
  stored::v1::SubscriptionProgress progress;
  progress.set_done_through(1);
  ledger.MoveTo(progress);
  AddUpTo(4);
  EXPECT_THAT(Lease(kAnn), ElementsAre(2, 3, 4));
}

}  // namespace
}  // namespace demarche::subscriptions
