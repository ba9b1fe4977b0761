#include "pipeline/frames/frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "pipeline/frames/inflect.h"
#include "pipeline/frames/lexicon.h"

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

TEST(FramesTest, TriggerWordsHoldEveryForm) {
  const auto words = TriggerWords(**ontology::Ontology::Load());
  ASSERT_TRUE(words.ok()) << words.status();
  for (const std::string_view word : {"expel", "expels", "expelled", "expelling", "met", "withdrew", "withdrawn", "vetoes"}) {
    EXPECT_TRUE(words->contains(word)) << word;
  }
  EXPECT_FALSE(words->contains("turnip"));
}

TEST(InflectTest, RegularForms) {
  EXPECT_THAT(RegularForms("deny"), IsSupersetOf({"deny", "denies", "denied", "denying"}));
  EXPECT_THAT(RegularForms("impose"), IsSupersetOf({"imposes", "imposed", "imposing"}));
  EXPECT_THAT(RegularForms("ban"), IsSupersetOf({"bans", "banned", "banning"}));
  EXPECT_THAT(RegularForms("clash"), IsSupersetOf({"clashes", "clashed"}));
}

}  // namespace
}  // namespace demarche::frames
