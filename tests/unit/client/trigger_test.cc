#include "client/cli/trigger.h"

#include <string>

#include "gtest/gtest.h"

namespace demarche::cli {
namespace {

// Evidence of a sentence and a trigger given by their words in the field as received.
v1::Evidence MakeEvidence(const std::string& body, const std::string& received_sentence, const std::string& received_trigger,
                          const std::string& clean_sentence) {
  v1::Evidence evidence;
  evidence.set_sentence(clean_sentence);
  const size_t begin = body.find(received_sentence);
  evidence.mutable_sentence_span()->set_field(v1::TEXT_FIELD_BODY);
  evidence.mutable_sentence_span()->set_begin(begin);
  evidence.mutable_sentence_span()->set_end(begin + received_sentence.size());
  const size_t trigger = body.rfind(received_trigger);
  evidence.mutable_trigger_span()->set_field(v1::TEXT_FIELD_BODY);
  evidence.mutable_trigger_span()->set_begin(trigger);
  evidence.mutable_trigger_span()->set_end(trigger + received_trigger.size());
  return evidence;
}

std::string Trigger(const v1::Evidence& evidence, const std::string* body) {
  v1::NewsItem item;
  if (body != nullptr) item.set_body(*body);
  const auto range = FindTrigger(evidence, body == nullptr ? nullptr : &item);
  return range ? evidence.sentence().substr(range->begin, range->end - range->begin) + "@" + std::to_string(range->begin) : "none";
}

TEST(FindTrigger, UsesOffsetsWhereNothingWasRemoved) {
  const std::string body = "First. Peru met Chile.";
  const auto evidence = MakeEvidence(body, "Peru met Chile.", "met", "Peru met Chile.");
  EXPECT_FALSE(NeedsItem(evidence));
  EXPECT_EQ(Trigger(evidence, nullptr), "met@5");
}

TEST(FindTrigger, SearchesTheCleanWordsWhereMarkupWasRemoved) {
  const std::string body = "<p>Peru <a href=\"x\">sent envoys</a>\n &amp; then  <b>met</b> Chile, which met nobody.</p>";
  const std::string received = body.substr(3, body.size() - 7);
  v1::Evidence evidence = MakeEvidence(body, received, "<b>met</b>", "Peru sent envoys & then met Chile, which met nobody.");
  EXPECT_TRUE(NeedsItem(evidence));
  EXPECT_EQ(Trigger(evidence, &body), "met@24");
  EXPECT_EQ(Trigger(evidence, nullptr), "none");
  const std::string other =
      "another text of the same id, but long enough to hold the spans of the evidence, alas, not the same words";
  EXPECT_EQ(Trigger(evidence, &other), "none");
}

TEST(FindTrigger, TakesTheNearestOfSeveral) {
  const std::string body = "Peru&nbsp;met Chile; Cuba&nbsp;met Haiti.";
  EXPECT_EQ(Trigger(MakeEvidence(body, body, "met", "Peru met Chile; Cuba met Haiti."), &body), "met@21");
}

TEST(FindTrigger, RefusesSpansThatDoNotFit) {
  const std::string body = "Peru met Chile.";
  v1::Evidence evidence = MakeEvidence(body, body, "met", body);
  evidence.mutable_trigger_span()->set_end(99);
  EXPECT_EQ(Trigger(evidence, &body), "none");
  evidence = MakeEvidence("Per\u00FA met.", "Per\u00FA met.", "met", "Per\u00FA met.");
  evidence.mutable_trigger_span()->set_begin(4);  // cuts a character
  EXPECT_EQ(Trigger(evidence, nullptr), "none");
  evidence.mutable_trigger_span()->set_field(v1::TEXT_FIELD_TITLE);
  EXPECT_EQ(Trigger(evidence, nullptr), "none");
  EXPECT_EQ(Trigger(v1::Evidence(), nullptr), "none");
}

TEST(StripMarkup, ResolvesReferencesAndKeepsWhatIsNone) {
  EXPECT_EQ(StripMarkup("a &lt; b &#233;&#x20AC; &unknown; &amp"), "a < b \u00E9\u20AC &unknown; &amp");
  EXPECT_EQ(StripMarkup("1 < 2 <br/>\r\n\t x<!-- c -->y"), "1 < 2 xy");
}

}  // namespace
}  // namespace demarche::cli
