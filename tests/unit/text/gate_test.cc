#include "pipeline/gate/gate.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"

namespace demarche::gate {
namespace {

using ::testing::ElementsAre;

// Whether each sentence of the title and body passes.
std::vector<bool> Gated(StringSet triggers, std::string title, std::string body) {
  v1::NewsItem item;
  item.set_title(std::move(title));
  item.set_body(std::move(body));
  item.set_language_code("en");
  document::Document document(item);
  EXPECT_TRUE((*normalize::MakeNormalize())->Process(document).ok());
  EXPECT_TRUE((*segment::MakeSegment())->Process(document).ok());
  EXPECT_TRUE(Gate(std::move(triggers)).Process(document).ok());
  std::vector<bool> gated;
  for (const auto& sentence : document.sentences) gated.push_back(sentence.is_gated);
  return gated;
}

TEST(Gate, TitleAndLeadAlwaysPass) {
  EXPECT_THAT(Gated({}, "quiet day", "It rained. It was cold. It was dark."), ElementsAre(true, true, true, false));
}

TEST(Gate, NamesPass) {
  EXPECT_THAT(Gated({}, "", "One. Two. They saw Berlin. They saw nothing. She met \u00D6zil."),
              ElementsAre(true, true, true, false, true));
}

TEST(Gate, AWordThatBeginsASentenceMayBeAName) {
  EXPECT_THAT(Gated({}, "", "One. Two. Moscow refused. They refused. \"Paris will not,\" he said. However, he left."),
              ElementsAre(true, true, true, false, true, false));
}

TEST(Gate, TriggersPassInEveryInflection) {
  EXPECT_THAT(
      Gated({"threaten", "met", "accuse"}, "", "One. Two. They were threatening it. They met. They accused us. They metered it."),
      ElementsAre(true, true, true, true, true, false));
}

}  // namespace
}  // namespace demarche::gate
