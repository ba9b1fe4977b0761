#include "pipeline/gate/gate.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/document/strings.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"

namespace demarche::gate {
namespace {

using ::testing::ElementsAre;

// 'PERU' names a party, 'they' refers back to one.
document::PartyCue FindParty(const document::Document&, const document::Sentence& sentence) {
  document::PartyCue cue = document::PartyCue::kNone;
  for (const document::Token& token : sentence.tokens) {
    if (token.text == "PERU") return document::PartyCue::kNamed;
    if (token.lower == "they") cue = document::PartyCue::kRefersBack;
  }
  return cue;
}

// Whether each sentence of the title and body passes.
std::vector<bool> Gated(const StringSet& triggers, std::string title, std::string body) {
  v1::NewsItem item;
  item.set_title(std::move(title));
  item.set_body(std::move(body));
  item.set_language_code("en");
  document::Document document(item);
  EXPECT_TRUE((*normalize::MakeNormalize())->Process(document).ok());
  EXPECT_TRUE((*segment::MakeSegment())->Process(document).ok());
  const auto has_trigger = [&](const document::Sentence& sentence) {
    return std::any_of(sentence.tokens.begin(), sentence.tokens.end(),
                       [&](const document::Token& token) { return triggers.contains(token.lower); });
  };
  EXPECT_TRUE(Gate(FindParty, has_trigger).Process(document).ok());
  std::vector<bool> gated;
  for (const auto& sentence : document.sentences) gated.push_back(sentence.is_gated);
  return gated;
}

TEST(Gate, TitleAndLeadPassWhereAPartyIsNamed) {
  EXPECT_THAT(Gated({}, "quiet day", "It rained. It was cold. It was dark in PERU."), ElementsAre(true, true, true, false));
}

TEST(Gate, ATextThatNamesNobodyHasNothing) {
  EXPECT_THAT(Gated({"met"}, "they met", "They met. It was cold."), ElementsAre(false, false, false));
}

TEST(Gate, OthersNeedAPartyAndATrigger) {
  EXPECT_THAT(Gated({"met", "accused"}, "", "One. Two. PERU met us. PERU slept. They accused us. She accused us. They slept."),
              ElementsAre(true, true, true, false, true, false, false));
}

}  // namespace
}  // namespace demarche::gate
