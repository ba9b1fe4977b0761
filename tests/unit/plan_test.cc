#include "pipeline/run/plan.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/run/runner.h"

namespace demarche::run {
namespace {

using ::testing::HasSubstr;

class FakeStage : public stage::Stage {
 public:
  FakeStage(std::string name, uint32_t needs, uint32_t gives) : name_(std::move(name)), needs_(needs), gives_(gives) {}

  std::string_view name() const override { return name_; }
  uint32_t needs() const override { return needs_; }
  uint32_t gives() const override { return gives_; }
  absl::Status Process(document::Document& document) const override {
    document.Note("seen by " + name_);
    if (document.item.body() == "other language") document.is_supported_language = false;
    return absl::OkStatus();
  }

 private:
  std::string name_;
  uint32_t needs_;
  uint32_t gives_;
};

StageList TwoStages(uint32_t second_needs, uint32_t second_gives) {
  StageList stages;
  stages.push_back(std::make_unique<FakeStage>("first", stage::kNothing, stage::kText));
  stages.push_back(std::make_unique<FakeStage>("second", second_needs, second_gives));
  return stages;
}

TEST(Plan, AcceptsAnOrderWhereEachFindsWhatItNeeds) { EXPECT_TRUE(Plan::Make(TwoStages(stage::kText, stage::kSentences)).ok()); }

TEST(Plan, RefusesAStageThatLacksAPart) {
  const auto plan = Plan::Make(TwoStages(stage::kText | stage::kMentions, stage::kFrames));
  ASSERT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("'second' needs mentions"));
}

TEST(Plan, RefusesAPartGivenTwice) {
  const auto plan = Plan::Make(TwoStages(stage::kNothing, stage::kText));
  ASSERT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("gives text"));
}

// Says which plan an item runs through, and stands still in it until told.
class GatedStage : public FakeStage {
 public:
  GatedStage(std::string note, absl::Notification* entered, absl::Notification* leave)
      : FakeStage("only", stage::kNothing, stage::kText), note_(std::move(note)), entered_(entered), leave_(leave) {}
  absl::Status Process(document::Document& document) const override {
    if (entered_ != nullptr) {
      entered_->Notify();
      leave_->WaitForNotification();
    }
    document.Note(note_);
    return absl::OkStatus();
  }

 private:
  std::string note_;
  absl::Notification* entered_;
  absl::Notification* leave_;
};

Plan GatedPlan(std::string note, absl::Notification* entered = nullptr, absl::Notification* leave = nullptr) {
  StageList stages;
  stages.push_back(std::make_unique<GatedStage>(std::move(note), entered, leave));
  return *Plan::Make(std::move(stages));
}

TEST(Runner, AnItemEndsOnThePlanThatItBeganWith) {
  absl::Notification entered, leave;
  Runner runner(GatedPlan("old", &entered, &leave));
  v1::NewsItem item;
  std::string slow;
  std::thread worker([&] { slow = runner.Run(item, /*explain=*/true)->stages.at(0).notes(0).text(); });
  entered.WaitForNotification();
  ASSERT_TRUE(runner.Replace(GatedPlan("new")).ok());
  EXPECT_EQ(runner.Run(item, /*explain=*/true)->stages.at(0).notes(0).text(), "new");
  leave.Notify();
  worker.join();
  EXPECT_EQ(slow, "old");
  EXPECT_EQ(runner.counts().at(0).items, 2u);
}

TEST(Runner, RefusesAPlanOfOtherStages) {
  Runner runner(GatedPlan("old"));
  EXPECT_EQ(runner.Replace(*Plan::Make(TwoStages(stage::kText, stage::kSentences))).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(runner.Run({}, /*explain=*/true)->stages.at(0).notes(0).text(), "old");
}

TEST(Runner, StopsAfterTheLanguageCheckAndCountsStages) {
  const Runner runner(*Plan::Make(TwoStages(stage::kText, stage::kSentences)));
  v1::NewsItem item;
  item.set_body("other language");
  const auto coded = runner.Run(item, /*explain=*/true);
  ASSERT_TRUE(coded.ok());
  EXPECT_EQ(coded->outcome, v1::PUBLISH_OUTCOME_UNSUPPORTED_LANGUAGE);
  ASSERT_EQ(coded->stages.size(), 1u);
  EXPECT_EQ(coded->stages[0].notes(0).text(), "seen by first");
  EXPECT_EQ(runner.counts()[0].items, 1u);
  EXPECT_EQ(runner.counts()[1].items, 0u);
}

TEST(Runner, AStageThatThrowsFailsTheItemAlone) {
  class ThrowingStage : public FakeStage {
   public:
    ThrowingStage() : FakeStage("second", stage::kText, stage::kSentences) {}
    absl::Status Process(document::Document& document) const override {
      if (document.item.body() == "bad") throw std::out_of_range("a place that is not there");
      return absl::OkStatus();
    }
  };
  StageList stages;
  stages.push_back(std::make_unique<FakeStage>("first", stage::kNothing, stage::kText));
  stages.push_back(std::make_unique<ThrowingStage>());
  const Runner runner(*Plan::Make(std::move(stages)));
  v1::NewsItem item;
  item.set_body("bad");
  const absl::Status status = runner.Run(item, /*explain=*/false).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), HasSubstr("stage second failed: a place that is not there"));
  item.set_body("good");
  EXPECT_TRUE(runner.Run(item, /*explain=*/false).ok());
}

TEST(Runner, DerivesAnIdFromTheContent) {
  const Runner runner(*Plan::Make(TwoStages(stage::kText, stage::kSentences)));
  v1::NewsItem item;
  item.set_body("one");
  const std::string one = runner.Run(item, false)->news_item_id;
  EXPECT_EQ(one, runner.Run(item, false)->news_item_id);
  item.set_body("two");
  EXPECT_NE(one, runner.Run(item, false)->news_item_id);
}

}  // namespace
}  // namespace demarche::run
