#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "pipeline/frames/inflect.h"
#include "pipeline/frames/lexicon.h"
#include "pipeline/frames/trigger_finder.h"
#include "pipeline/resources/table.h"

namespace demarche::frames {
namespace {

using ::testing::IsSupersetOf;

TEST(LexiconTest, BuiltInTablesLoadAndCoverEveryType) {
  const auto ontology = *ontology::Ontology::Load();
  const auto lexicon = Lexicon::Load(*ontology);
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  size_t triggers = 0;
  std::set<v1::EventType> types;
  for (const Sense& sense : (*lexicon)->senses()) {
    triggers += sense.elements[sense.head].words.size() > 0;
    if (const auto* kind = ontology->FindKind(sense.kind)) types.insert(kind->type);
  }
  EXPECT_GE(triggers, 600u);
  EXPECT_EQ(types.size(), static_cast<size_t>(ontology::kTypeCount));
}

TEST(LexiconTest, OperatorsDecideByContent) {
  const auto ontology = *ontology::Ontology::Load();
  const auto lexicon = *Lexicon::Load(*ontology);
  EXPECT_EQ(lexicon->KindOver("refusal", ontology->FindKind("troop_deployment"), true), "troop_deployment_ruled_out");
  EXPECT_EQ(lexicon->KindOver("demand", ontology->FindKind("troop_withdrawal"), true), "call_for_withdrawal");
  EXPECT_EQ(lexicon->KindOver("threat", ontology->FindKind("air_strike"), true), "military_action_threatened");
  EXPECT_EQ(lexicon->KindOver("refusal", nullptr, false), "");
  EXPECT_EQ(lexicon->KindOver("no such table", nullptr, true), "");
}

bool MayHoldTrigger(std::string_view text) {
  static const auto* const finder = new TriggerFinder(*TriggerFinder::Make(*Lexicon::Load(**ontology::Ontology::Load())));
  document::Sentence sentence;
  for (const std::string_view word : resources::Split(text, ' ')) {
    document::Token token;
    token.text = token.lower = word;
    sentence.tokens.push_back(token);
  }
  return (*finder)(sentence);
}

TEST(TriggerFinderTest, AsksForAllWordsOfASense) {
  EXPECT_TRUE(MayHoldTrigger("kenya expelled two diplomats"));
  EXPECT_TRUE(MayHoldTrigger("the treaty that peru withdrew from"));
  EXPECT_TRUE(MayHoldTrigger("peru rattled its sabre"));
  EXPECT_FALSE(MayHoldTrigger("peru rattled the door"));
  EXPECT_FALSE(MayHoldTrigger("peru was in the north"));
  EXPECT_FALSE(MayHoldTrigger("a turnip grew"));
}

TEST(InflectTest, RegularForms) {
  EXPECT_THAT(RegularForms("deny"), IsSupersetOf({"deny", "denies", "denied", "denying"}));
  EXPECT_THAT(RegularForms("impose"), IsSupersetOf({"imposes", "imposed", "imposing"}));
  EXPECT_THAT(RegularForms("ban"), IsSupersetOf({"bans", "banned", "banning"}));
  EXPECT_THAT(RegularForms("clash"), IsSupersetOf({"clashes", "clashed"}));
}

}  // namespace
}  // namespace demarche::frames
