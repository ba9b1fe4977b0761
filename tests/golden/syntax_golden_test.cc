#include <algorithm>
#include <string>
#include <vector>

#include "golden/case_file.h"
#include "gtest/gtest.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"
#include "pipeline/syntax/syntax.h"
#include "pipeline/syntax/tags.h"

namespace demarche {
namespace {

using Tokens = std::vector<document::Token>;

// 'dependent relation head': the first token of that word; '-' is no head.
void CheckArc(const Tokens& tokens, const std::string& arc) {
  const auto parts = golden::SplitAt(arc, " ");
  ASSERT_EQ(parts.size(), 3u) << arc;
  const auto find = [&](const std::string& word) {
    return std::find_if(tokens.begin(), tokens.end(), [&](const document::Token& token) { return token.text == word; });
  };
  const auto dependent = find(parts[0]);
  ASSERT_NE(dependent, tokens.end()) << "no token " << parts[0];
  const std::string head = dependent->head == document::kRoot ? "-" : std::string(tokens[dependent->head].text);
  EXPECT_EQ(parts[0] + " " + std::string(dependent->label) + " " + head, arc);
}

TEST(Golden, Syntax) {
  const auto normalize = *normalize::MakeNormalize();
  const auto segment = *segment::MakeSegment();
  const auto syntax = *syntax::MakeSyntax();
  for (const golden::Case& test : golden::ReadCases("syntax", {"body", "words", "arc"})) {
    SCOPED_TRACE(test.name);
    v1::NewsItem item;
    item.set_body(test.Get("body"));
    item.set_language_code("en");
    document::Document document(item);
    ASSERT_TRUE(normalize->Process(document).ok());
    ASSERT_TRUE(segment->Process(document).ok());
    ASSERT_TRUE(syntax->Process(document).ok());
    std::vector<const document::Token*> tokens;
    for (const auto& sentence : document.sentences) {
      for (const auto& token : sentence.tokens) tokens.push_back(&token);
    }
    for (const std::string& arc : test.GetAll("arc")) CheckArc(document.sentences.front().tokens, arc);
    auto at = tokens.begin();
    for (const std::string& line : test.GetAll("words")) {
      for (const std::string& word : golden::SplitAt(line, " ")) {
        const auto parts = golden::SplitAt(word, "/");
        ASSERT_EQ(parts.size(), 3u) << word;
        at = std::find_if(at, tokens.end(), [&](const document::Token* token) { return token->text == parts[0]; });
        ASSERT_NE(at, tokens.end()) << "no token " << parts[0] << " (left) in the text";
        EXPECT_EQ(std::string((*at)->text) + "/" + std::string((*at)->lemma) + "/" + std::string(syntax::TagName((*at)->upos)),
                  word);
        ++at;
      }
    }
  }
}

}  // namespace
}  // namespace demarche
