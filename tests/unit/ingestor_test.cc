#include "server/ingest/ingestor.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/error/error.h"
#include "server/ingest/reorder_buffer.h"
#include "tests/support/fake_log.h"
#include "tests/support/line_stage.h"

namespace demarche::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using testing_support::FakeLog;
using testing_support::LinePlan;
using testing_support::MakeItem;

TEST(ReorderBuffer, RestoresEveryOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<uint64_t> orders(20);
    for (size_t i = 0; i < orders.size(); ++i) orders[i] = i;
    std::shuffle(orders.begin(), orders.end(), random);
    ReorderBuffer<uint64_t> buffer;
    std::vector<uint64_t> taken;
    for (const uint64_t order : orders) {
      buffer.Put(order, order);
      while (buffer.HasNext()) taken.push_back(buffer.TakeNext());
    }
    ASSERT_THAT(taken, SizeIs(20));
    EXPECT_TRUE(std::is_sorted(taken.begin(), taken.end()));
  }
}

class IngestorTest : public testing::Test {
 protected:
  void Start(IngestOptions options = {}) {
    ingestor_ =
        std::make_unique<Ingestor>(runner_, log_, *memory_, std::move(options), [this](const std::vector<log::RecordPtr>& records) {
          for (const auto& record : records) published_.push_back(record->last_position());
        });
  }
  absl::Status Submit(const v1::NewsItem& item) {
    v1::NewsItem copy = item;
    return ingestor_->Submit(copy, "p", [this, id = item.news_item_id()](const absl::StatusOr<Published>& result) {
      answers_.push_back(id + (result.ok() ? "" : "!"));
    });
  }

  absl::Notification release_;
  FakeLog log_;
  run::Runner runner_{LinePlan(&release_)};
  std::unique_ptr<run::Memory> memory_ = *run::Memory::Open(log_, {});
  std::vector<std::string> answers_;    // by the committing thread; read after Drain
  std::vector<uint64_t> published_;     // see answers_
  std::unique_ptr<Ingestor> ingestor_;  // last: its threads use the rest
};

TEST_F(IngestorTest, CommitsInOrderOfArrivalWhateverWorkersDo) {
  Start({.workers = 4});
  ASSERT_TRUE(Submit(MakeItem("slow", "hold\nevent")).ok());
  std::vector<std::string> expected{"slow"};
  for (int i = 0; i < 20; ++i) {
    expected.push_back(std::to_string(i));
    ASSERT_TRUE(Submit(MakeItem(expected.back(), i == 7 ? "invalid" : "event")).ok());
  }
  expected[8] += "!";
  EXPECT_EQ(log_.entered.load(), 0);
  EXPECT_EQ(ingestor_->queued_items(), 21u);
  release_.Notify();
  ingestor_->Drain();
  EXPECT_EQ(answers_, expected);
  EXPECT_THAT(published_, SizeIs(20));
  EXPECT_TRUE(std::is_sorted(published_.begin(), published_.end()));
  EXPECT_EQ(log_.info().event_count, 20u);
}

// Nobody is to be given from memory what was erased, once the answer is out.
TEST_F(IngestorTest, APurgeIsAnsweredAfterTheSinkHadItAndWhatCameBefore) {
  std::vector<std::string> steps;  // by the committing thread
  IngestOptions options{.workers = 2};
  options.on_erased = [&] { steps.emplace_back("erased"); };
  ingestor_ =
      std::make_unique<Ingestor>(runner_, log_, *memory_, std::move(options), [&](const std::vector<log::RecordPtr>& records) {
        for (const auto& record : records) steps.push_back("sink " + std::to_string(record->last_position()));
      });
  const auto note = [&](const char* what) {
    return [&steps, what](const absl::StatusOr<Published>& result) { steps.push_back(what + std::string(result.ok() ? "" : "!")); };
  };
  v1::NewsItem held = MakeItem("a", "hold\nevent"), other = MakeItem("b");
  ASSERT_TRUE(ingestor_->Submit(held, "p", note("a")).ok());
  ASSERT_TRUE(ingestor_->SubmitWithdrawal("Sample A", "a", "p", /*is_purge=*/true, note("purge")).ok());
  ASSERT_TRUE(ingestor_->SubmitWithdrawal("Sample A", "a", "p", /*is_purge=*/true, note("again")).ok());
  ASSERT_TRUE(ingestor_->Submit(other, "p", note("b")).ok());
  release_.Notify();
  ingestor_->Drain();
  EXPECT_THAT(steps, ElementsAre("a", "sink 1", "erased", "sink 2", "purge", "again", "b", "sink 3"));
}

TEST_F(IngestorTest, WhatQueuesDuringAnAppendGoesTogether) {
  absl::Notification gate;
  log_.gate = &gate;
  Start({.workers = 2});
  ASSERT_TRUE(Submit(MakeItem("first")).ok());
  while (log_.entered.load() == 0) std::this_thread::yield();
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(Submit(MakeItem(std::to_string(i))).ok());
  // All 50 are coded once the stage has counted them.
  while (runner_.counts()[0].items < 51) std::this_thread::yield();
  gate.Notify();
  ingestor_->Drain();
  EXPECT_THAT(answers_, SizeIs(51));
  EXPECT_EQ(log_.sizes[0], 1u);
  EXPECT_LE(log_.sizes.size(), 4u);
}

TEST_F(IngestorTest, RefusesWhatIsTooMuchAndCallsBackWhenThereIsRoom) {
  Start({.workers = 1, .max_items = 2});
  ASSERT_TRUE(Submit(MakeItem("a", "hold")).ok());
  ASSERT_TRUE(Submit(MakeItem("b")).ok());
  v1::NewsItem item = MakeItem("c");
  const absl::Status status = ingestor_->Submit(item, "p", [](const auto&) {});
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(error::ReasonOf(status), v1::ERROR_REASON_QUOTA_EXCEEDED);
  EXPECT_EQ(item.news_item_id(), "c");  // left alone
  absl::Notification room;
  ingestor_->WhenRoom(item.ByteSizeLong(), [&] { room.Notify(); });
  EXPECT_FALSE(room.HasBeenNotified());
  release_.Notify();
  room.WaitForNotification();
  EXPECT_TRUE(Submit(item).ok());
  absl::Notification at_once;
  ingestor_->Drain();
  ingestor_->WhenRoom(1, [&] { at_once.Notify(); });
  EXPECT_TRUE(at_once.HasBeenNotified());
}

TEST_F(IngestorTest, BoundsBytesButTakesOneItemAlways) {
  Start({.workers = 1, .max_bytes = 1});
  ASSERT_TRUE(Submit(MakeItem("a", "hold")).ok());
  EXPECT_EQ(error::ReasonOf(Submit(MakeItem("b"))), v1::ERROR_REASON_QUOTA_EXCEEDED);
  release_.Notify();
  ingestor_->Drain();
  EXPECT_THAT(answers_, ElementsAre("a"));
}

TEST_F(IngestorTest, DrainFinishesWhatIsInAndTakesNoMore) {
  Start({.workers = 2});
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Submit(MakeItem(std::to_string(i))).ok());
  ingestor_->Drain();
  EXPECT_THAT(answers_, SizeIs(100));
  const absl::Status status = Submit(MakeItem("late"));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(error::ReasonOf(status), v1::ERROR_REASON_DRAINING);
}

// Tells that it was entered, then waits.
class GateStage : public stage::Stage {
 public:
  GateStage(absl::BlockingCounter* entered, absl::Notification* release) : entered_(entered), release_(release) {}

  std::string_view name() const override { return "gate"; }
  uint32_t needs() const override { return stage::kNothing; }
  uint32_t gives() const override { return stage::kEvents; }
  absl::Status Process(document::Document&) const override {
    entered_->DecrementCount();
    release_->WaitForNotification();
    return absl::OkStatus();
  }

 private:
  absl::BlockingCounter* const entered_;
  absl::Notification* const release_;
};

TEST_F(IngestorTest, DrainWithoutPatienceRefusesWhatNoWorkerHasTaken) {
  absl::BlockingCounter entered(1);
  run::StageList stages;
  stages.push_back(std::make_unique<GateStage>(&entered, &release_));
  const run::Runner runner(*run::Plan::Make(std::move(stages)));
  ingestor_ = std::make_unique<Ingestor>(runner, log_, *memory_, IngestOptions(), [](const auto&) {});
  std::vector<std::string> expected{"0"};
  ASSERT_TRUE(Submit(MakeItem("0")).ok());
  entered.Wait();
  for (int i = 1; i < 10; ++i) {
    ASSERT_TRUE(Submit(MakeItem(std::to_string(i))).ok());
    expected.push_back(std::to_string(i) + "!");
  }
  std::thread drain([&] { ingestor_->Drain(absl::ZeroDuration()); });
  absl::Notification draining;
  ingestor_->WhenRoom(limits::kMaxQueuedBytes, [&] { draining.Notify(); });
  draining.WaitForNotification();
  EXPECT_EQ(error::ReasonOf(Submit(MakeItem("late"))), v1::ERROR_REASON_DRAINING);
  release_.Notify();
  drain.join();
  EXPECT_EQ(answers_, expected);
  EXPECT_EQ(log_.info().item_count, 1u);
  ingestor_.reset();
}

TEST_F(IngestorTest, ManyPublishersOfTheSameItemsStoreEachOnce) {
  constexpr int kThreads = 4;
  constexpr int kItems = 200;
  Start({.workers = 4});
  std::atomic<int> accepted{0};
  std::atomic<int> duplicates{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      absl::BlockingCounter answered(kItems);
      for (int i = 0; i < kItems; ++i) {
        v1::NewsItem item = MakeItem(std::to_string(i));
        const absl::Status status = ingestor_->Submit(item, "p", [&](const absl::StatusOr<Published>& result) {
          if (result.ok() && result->outcome == v1::PUBLISH_OUTCOME_ACCEPTED) accepted.fetch_add(1);
          if (result.ok() && result->outcome == v1::PUBLISH_OUTCOME_DUPLICATE) duplicates.fetch_add(1);
          answered.DecrementCount();
        });
        EXPECT_TRUE(status.ok());
      }
      answered.Wait();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted.load(), kItems);
  EXPECT_EQ(duplicates.load(), kItems * (kThreads - 1));
  EXPECT_EQ(log_.info().item_count, static_cast<uint64_t>(kItems));
}

}  // namespace
}  // namespace demarche::ingest
