#include "pipeline/syntax/syntax.h"

#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "gtest/gtest.h"
#include "pipeline/document/document.h"
#include "pipeline/syntax/tags.h"

namespace demarche::syntax {
namespace {

using document::Document;
using document::Sentence;
using document::Token;
using document::Upos;

// A gated sentence of these words, separated by spaces.
void AddSentence(Document& document, std::string_view words) {
  Sentence sentence;
  while (!words.empty()) {
    const size_t end = std::min(words.find(' '), words.size());
    Token token;
    token.text = words.substr(0, end);
    std::string lower(token.text);
    for (char& c : lower) c = absl::ascii_tolower(static_cast<unsigned char>(c));
    token.lower = token.lemma = document.Keep(std::move(lower));
    sentence.tokens.push_back(token);
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  document.sentences.push_back(std::move(sentence));
}

// 'lemma/TAG' of each token of the first sentence.
std::string Tagged(const Document& document) {
  std::string result;
  for (const Token& token : document.sentences[0].tokens) {
    result += (result.empty() ? "" : " ") + std::string(token.lemma) + "/" + std::string(TagName(token.upos));
  }
  return result;
}

TEST(Syntax, LeavesSentencesAloneThatDidNotPassTheGate) {
  const v1::NewsItem item;
  Document document(item);
  AddSentence(document, "He said so .");
  document.sentences[0].is_gated = false;
  ASSERT_TRUE((*MakeSyntax())->Process(document).ok());
  EXPECT_EQ(Tagged(document), "he/- said/- so/- ./-");
}

TEST(Syntax, WorksOnALongSentenceOfUnknownWords) {
  const v1::NewsItem item;
  Document document(item);
  std::string words;
  for (int i = 0; i < 400; ++i) words += "Zqx\u00E9v" + std::to_string(i) + " \u4E2D ";
  AddSentence(document, words);
  AddSentence(document, "");
  ASSERT_TRUE((*MakeSyntax())->Process(document).ok());
  for (const Token& token : document.sentences[0].tokens) EXPECT_NE(token.upos, Upos::kUnknown);
}

TEST(Syntax, EachProfileFindsTheSubject) {
  for (const char* profile : {"fast", "accurate"}) {
    const v1::NewsItem item;
    Document document(item);
    AddSentence(document, "Norway expelled two envoys .");
    ASSERT_TRUE((*MakeSyntax(profile))->Process(document).ok());
    EXPECT_EQ(Tagged(document), "norway/PROPN expel/VERB two/NUM envoy/NOUN ./PUNCT") << profile;
    EXPECT_EQ(document.sentences[0].tokens[0].head, 1) << profile;
    EXPECT_EQ(document.sentences[0].tokens[0].label, "nsubj") << profile;
  }
}

TEST(Syntax, SaysWhichProfileIsNotBuiltIn) {
  EXPECT_EQ(MakeSyntax("slow").status().message(), "model file: 'syntax/slow.model' was not built in");
}

TEST(Tags, NamesGoBothWays) {
  for (int tag = 1; tag < kTagCount; ++tag) {
    EXPECT_EQ(TagFromName(TagName(static_cast<Upos>(tag))), static_cast<Upos>(tag));
  }
  EXPECT_EQ(TagFromName("NOUNS"), Upos::kUnknown);
}

}  // namespace
}  // namespace demarche::syntax
