#include "pipeline/document/quotes.h"

#include "gtest/gtest.h"

namespace demarche::document {
namespace {

void AddEvidence(const std::string& publisher, const std::string& id, const std::string& sentence, v1::DiplomaticEvent& event) {
  v1::Evidence& evidence = *event.add_evidence();
  evidence.set_publisher(publisher);
  evidence.set_news_item_id(id);
  evidence.set_sentence(sentence);
  evidence.mutable_sentence_span()->set_end(7);
}

v1::DiplomaticEvent Told() {
  v1::DiplomaticEvent event;
  event.set_event_id("e");
  AddEvidence("A", "1", "President Alar Karis met Toomas Ilm in Tartu, Kallas said.", event);
  AddEvidence("B", "1", "Karis met the visitor, officials say.", event);
  AddEvidence("A", "2", "A meeting was held.", event);
  event.add_actors()->set_mention("Karis");
  event.mutable_actors(0)->set_entity_id("person/alar-karis");
  event.mutable_actors(0)->set_display_name("Alar Karis");
  event.mutable_actors(0)->set_office("President of Estonia");
  event.mutable_actors(0)->set_stated_office("President");
  event.add_recipients()->set_mention("Toomas Ilm");
  event.mutable_recipients(0)->set_display_name("Toomas Ilm");
  event.mutable_recipients(0)->set_country_code("EST");
  event.mutable_location()->set_name("Tartu");
  event.mutable_location()->set_country_code("EST");
  event.mutable_attribution()->set_mention("Kallas");
  event.mutable_attribution()->mutable_actor()->set_mention("Kallas");
  return event;
}

TEST(EraseQuotes, TakesTheSentencesOfTheItemAndOfNoOther) {
  v1::DiplomaticEvent event = Told();
  EXPECT_TRUE(EraseQuotes("A", "1", event));
  ASSERT_EQ(event.evidence_size(), 3) << "whose evidence it was stays";
  EXPECT_EQ(event.evidence(0).sentence(), "");
  EXPECT_EQ(event.evidence(0).sentence_span().end(), 7u);
  EXPECT_EQ(event.evidence(1).sentence(), "Karis met the visitor, officials say.") << "another publisher's item of that id";
  EXPECT_EQ(event.evidence(2).sentence(), "A meeting was held.") << "another item of that publisher";
}

TEST(EraseQuotes, TakesTheWordsOfTheTextUnlessOthersAreQuotedWithThem) {
  v1::DiplomaticEvent event = Told();
  EraseQuotes("A", "1", event);
  EXPECT_EQ(event.actors(0).mention(), "Karis") << "the other item says so too";
  EXPECT_EQ(event.actors(0).stated_office(), "");
  EXPECT_EQ(event.recipients(0).mention(), "");
  EXPECT_EQ(event.location().name(), "");
  EXPECT_EQ(event.attribution().mention(), "");
  EXPECT_EQ(event.attribution().actor().mention(), "");
}

TEST(EraseQuotes, LeavesWhatTheTablesSayAndWhatTheWordsMean) {
  v1::DiplomaticEvent event = Told();
  EraseQuotes("A", "1", event);
  EXPECT_EQ(event.actors(0).display_name(), "Alar Karis");
  EXPECT_EQ(event.actors(0).office(), "President of Estonia");
  EXPECT_EQ(event.recipients(0).display_name(), "") << "it stands in no table: the name is the text's";
  EXPECT_EQ(event.recipients(0).country_code(), "EST");
  EXPECT_EQ(event.location().country_code(), "EST");
}

TEST(EraseQuotes, ASecondTimeChangesNothing) {
  v1::DiplomaticEvent event = Told();
  EraseQuotes("A", "1", event);
  EXPECT_FALSE(EraseQuotes("A", "1", event));
}

TEST(EraseQuotes, WithoutEvidenceNoWordsAreLeft) {
  v1::DiplomaticEvent event = Told();
  event.clear_evidence();
  event.clear_location();
  event.clear_attribution();
  EXPECT_TRUE(EraseQuotes("A", "1", event));
  EXPECT_EQ(event.actors(0).mention(), "");
  EXPECT_FALSE(event.has_location());
  EXPECT_FALSE(event.has_attribution());
}

}  // namespace
}  // namespace demarche::document
