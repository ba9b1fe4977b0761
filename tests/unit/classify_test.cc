#include "server/tools/classify.h"

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace demarche::tools {
namespace {

using ::testing::HasSubstr;

// Gives each item one event whose kind is the body.
class EchoStage : public stage::Stage {
 public:
  std::string_view name() const override { return "echo"; }
  uint32_t needs() const override { return stage::kNothing; }
  uint32_t gives() const override { return stage::kEvents; }
  absl::Status Process(document::Document& document) const override {
    if (document.item.body() == "bad") return absl::InvalidArgumentError("body is bad");
    document.events.emplace_back().set_kind(document.item.body());
    return absl::OkStatus();
  }
};

run::Runner EchoRunner() {
  run::StageList stages;
  stages.push_back(std::make_unique<EchoStage>());
  return run::Runner(*run::Plan::Make(std::move(stages)));
}

TEST(Classify, AnswersEveryLineInOrder) {
  std::string input;
  std::string wanted;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = std::to_string(i);
    input += R"({"newsItemId": "n)" + id + R"(", "body": "kind)" + id + "\"}\n";
    wanted += R"({"newsItemId":"n)" + id + R"(","outcome":"PUBLISH_OUTCOME_ACCEPTED","events":[{"kind":"kind)" + id + "\"}]}\n";
  }
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream talk;
  const run::Runner runner = EchoRunner();
  const ClassifyCounts counts = Classify(runner, {.workers = 4, .explain = false, .validate = nullptr}, in, out, talk);
  EXPECT_EQ(out.str(), wanted);
  EXPECT_EQ(counts.items, 1000u);
  EXPECT_EQ(counts.rejected, 0u);
}

TEST(Classify, ABadLineIsAnsweredAndNamed) {
  std::istringstream in(
      "{\"newsItemId\": \"a\", \"body\": \"x\"}\n\n{oops\n{\"newsItemId\": \"b\", \"body\": \"bad\"}\n{\"newsItemId\": \"c\"}\n");
  std::ostringstream out;
  std::ostringstream talk;
  ClassifyOptions options;
  options.validate = [](const v1::NewsItem& item) {
    return item.body().empty() ? absl::InvalidArgumentError("body is empty") : absl::OkStatus();
  };
  const run::Runner runner = EchoRunner();
  const ClassifyCounts counts = Classify(runner, options, in, out, talk);
  EXPECT_EQ(counts.items, 4u);
  EXPECT_EQ(counts.rejected, 3u);
  EXPECT_THAT(talk.str(), HasSubstr("line 3: not a NewsItem"));
  EXPECT_THAT(talk.str(), HasSubstr("line 4: body is bad"));
  EXPECT_THAT(talk.str(), HasSubstr("line 5: body is empty"));
  EXPECT_THAT(out.str(), HasSubstr(R"("newsItemId":"b")"));
}

// Gives each item the same event, under an id of its own.
class CallStage : public EchoStage {
 public:
  absl::Status Process(document::Document& document) const override {
    v1::DiplomaticEvent& event = document.events.emplace_back();
    event.set_event_id("ev-" + document.item.news_item_id());
    event.set_type(v1::EVENT_TYPE_CONSULT);
    event.set_factuality(v1::FACTUALITY_ACTUAL);
    event.add_actors()->set_country_code("KEN");
    event.add_recipients()->set_country_code("GHA");
    event.add_evidence()->set_sentence(document.item.body());
    return absl::OkStatus();
  }
};

TEST(Classify, WithStoriesEqualIdsAreOneEvent) {
  run::StageList stages;
  stages.push_back(std::make_unique<CallStage>());
  const run::Runner runner(*run::Plan::Make(std::move(stages)));
  std::istringstream in(
      "{\"newsItemId\": \"a\", \"publisher\": \"A\", \"body\": \"They spoke about cocoa.\"}\n"
      "{\"newsItemId\": \"b\", \"publisher\": \"B\", \"body\": \"A call about cocoa.\"}\n");
  std::ostringstream out;
  std::ostringstream talk;
  ClassifyOptions options;
  options.stories = true;
  EXPECT_EQ(Classify(runner, options, in, out, talk).rejected, 0u);
  const std::string second = out.str().substr(out.str().find('\n') + 1);
  EXPECT_THAT(second, HasSubstr("\"newsItemId\":\"b\""));
  EXPECT_THAT(second, HasSubstr("\"eventId\":\"ev-a\""));
  EXPECT_THAT(second, HasSubstr("\"publisherCount\":2"));
}

}  // namespace
}  // namespace demarche::tools
