#include "pipeline/clause/clauses.h"

#include <gtest/gtest.h>

#include <string>

#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"
#include "pipeline/syntax/syntax.h"

namespace demarche::clause {
namespace {

// The clauses of a one-sentence text.
class Reading {
 public:
  explicit Reading(const std::string& text) {
    item_.set_body(text);
    item_.set_language_code("en");
    document_ = std::make_unique<document::Document>(item_);
    for (const auto& stage : {*normalize::MakeNormalize(), *segment::MakeSegment(), *syntax::MakeSyntax()}) {
      EXPECT_TRUE(stage->Process(*document_).ok());
    }
    const document::Sentence& sentence = document_->sentences.at(0);
    clauses_ = ByTree(sentence, Tree(sentence), *Grammar::Load());
  }

  // The group whose main verb is this word.
  int Find(std::string_view verb) const {
    for (size_t g = 0; g < clauses_.groups.size(); ++g) {
      if (Tokens()[clauses_.groups[g].head].lower == verb) return static_cast<int>(g);
    }
    ADD_FAILURE() << "no verb " << verb;
    return 0;
  }
  const VerbGroup& Group(std::string_view verb) const { return clauses_.groups[Find(verb)]; }
  std::string Subject(std::string_view verb) const {
    const VerbGroup* group = &Group(verb);
    while (group->subject.empty() && group->shared_subject >= 0) group = &clauses_.groups[group->shared_subject];
    std::string words;
    for (int t = group->subject.begin; t < group->subject.end; ++t)
      words += (words.empty() ? "" : " ") + std::string(Tokens()[t].text);
    return words;
  }
  const Clauses& clauses() const { return clauses_; }

 private:
  const std::vector<document::Token>& Tokens() const { return document_->sentences[0].tokens; }

  v1::NewsItem item_;
  std::unique_ptr<document::Document> document_;
  Clauses clauses_;
};

TEST(ClausesTest, SubjectsSkipInsertions) {
  const Reading reading("Morocco, which left the union, recalled its envoy and closed the border.");
  EXPECT_EQ(reading.Subject("recalled"), "Morocco");
  EXPECT_EQ(reading.Subject("closed"), "Morocco");
  EXPECT_EQ(reading.Group("closed").link, Link::kConjunct);
  EXPECT_EQ(reading.Group("left").link, Link::kRelative);
}

TEST(ClausesTest, GroupsCarryVoiceNegationAndModality) {
  const Reading reading("The envoys were not expelled, and Peru will recall its ambassador.");
  EXPECT_TRUE(reading.Group("expelled").passive);
  EXPECT_TRUE(reading.Group("expelled").negated);
  EXPECT_EQ(reading.Group("recall").modal, "will");
  EXPECT_EQ(reading.Subject("recall"), "Peru");
}

TEST(ClausesTest, ComplementsHangOnTheirVerbs) {
  const Reading reading("Chile agreed to send ships.");
  EXPECT_EQ(reading.Group("send").link, Link::kInfinitive);
  EXPECT_TRUE(reading.clauses().Governs(reading.Find("agreed"), reading.Find("send")));
  EXPECT_FALSE(reading.clauses().Governs(reading.Find("send"), reading.Find("agreed")));
}

TEST(ClausesTest, SpeechGovernsWhatItReports) {
  const Reading after("Kenya said Somalia closed the border.");
  EXPECT_EQ(after.Group("closed").link, Link::kContent);
  EXPECT_EQ(after.Subject("closed"), "Somalia");
  const Reading before("Somalia closed the border, Kenya said.");
  EXPECT_EQ(before.Group("closed").link, Link::kQuoted);
}

TEST(ClausesTest, AdverbialGerundsAreNoComplements) {
  const Reading reading("Norway angered China by expelling two envoys.");
  EXPECT_EQ(reading.Group("expelling").link, Link::kAdverbial);
  EXPECT_FALSE(reading.clauses().Governs(reading.Find("angered"), reading.Find("expelling")));
  EXPECT_EQ(reading.Subject("expelling"), "Norway");
}

TEST(ClausesTest, EmptySentenceHasNoClauses) {
  const document::Sentence sentence;
  EXPECT_TRUE(ByTree(sentence, Tree(sentence), *Grammar::Load()).groups.empty());
}

}  // namespace
}  // namespace demarche::clause
