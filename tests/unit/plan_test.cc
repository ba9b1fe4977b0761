#include "pipeline/run/plan.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

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
