// Texts that nobody writes, through normalize, segment and syntax: quadratic work would not finish on them.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "pipeline/document/document.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"
#include "pipeline/syntax/syntax.h"

namespace demarche::syntax {
namespace {

using document::Document;
using document::Field;
using document::Sentence;
using document::Token;

constexpr size_t kMegabyte = 1 << 20;

std::string Repeat(std::string_view unit, size_t times) {
  std::string text;
  text.reserve(unit.size() * times);
  for (size_t i = 0; i < times; ++i) text += unit;
  return text;
}

bool BeginsCharacter(std::string_view text, size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

// Tokens lie in order inside their sentence, sentences in the text, and each is the bytes of its span.
void ExpectSpans(const Document& document) {
  const std::string_view text = document.text(Field::kBody).text;
  size_t end = 0;
  for (const Sentence& sentence : document.sentences) {
    ASSERT_FALSE(sentence.tokens.empty());
    ASSERT_GE(sentence.span.begin, end);
    ASSERT_EQ(sentence.span.begin, sentence.tokens.front().span.begin);
    for (const Token& token : sentence.tokens) {
      ASSERT_GE(token.span.begin, end);
      ASSERT_LT(token.span.begin, token.span.end);
      end = token.span.end;
      ASSERT_LE(end, text.size());
      ASSERT_TRUE(BeginsCharacter(text, token.span.begin) && BeginsCharacter(text, end));
      ASSERT_EQ(token.text, text.substr(token.span.begin, token.span.size()));
    }
    ASSERT_EQ(sentence.span.end, end);
  }
}

// One root a sentence, and every token reaches it.
void ExpectTrees(const Document& document) {
  for (const Sentence& sentence : document.sentences) {
    const int count = static_cast<int>(sentence.tokens.size());
    ASSERT_EQ(
        std::count_if(sentence.tokens.begin(), sentence.tokens.end(), [](const Token& t) { return t.head == document::kRoot; }), 1);
    for (int i = 0; i < count; ++i) {
      int steps = 0;
      for (int at = i; at != document::kRoot; at = sentence.tokens[at].head) {
        ASSERT_TRUE(at >= 0 && at < count && ++steps <= count) << "token " << i;
      }
    }
  }
}

class HostileText : public testing::TestWithParam<std::pair<const char*, std::string>> {};

TEST_P(HostileText, GivesSpansAndTrees) {
  const auto normalize = *normalize::MakeNormalize();
  const auto segment = *segment::MakeSegment();
  const auto syntax = *MakeSyntax();
  v1::NewsItem item;
  item.set_body(GetParam().second);
  item.set_language_code("en");
  Document document(item);
  ASSERT_TRUE(normalize->Process(document).ok());
  ASSERT_TRUE(segment->Process(document).ok());
  ASSERT_TRUE(syntax->Process(document).ok());
  ExpectSpans(document);
  ExpectTrees(document);
}

std::string Scrambled() {
  constexpr std::string_view kUnits[] = {
      "\u202E", "\u05E9\u05DC\u05D5\u05DD ", "\U0001F600", "e\u0301", "\u200D", "a", " ", "\t", ".", "\"", "\u0627\u0644 "};
  std::string text;
  for (size_t i = 0, state = 1; i < 100'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    text += kUnits[(state >> 33) % std::size(kUnits)];
  }
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, HostileText,
    testing::Values(std::pair("OneToken", std::string(kMegabyte, 'x')),
                    std::pair("TokensWithoutAStop", Repeat("the envoy met ", 100'000 / 3)),
                    std::pair("NestedQuotes", Repeat("\u201C", 10'000) + "no" + Repeat("\u201D", 10'000)),
                    std::pair("NestedStraightQuotes", Repeat("\"he said ", 10'000) + Repeat("\"", 10'000)),
                    std::pair("NestedBrackets", Repeat("(", 10'000) + "no" + Repeat(")", 10'000)),
                    std::pair("ControlCharacters", Repeat("a\x01\x02\x7F b\x1B[0m. ", 50'000)),
                    std::pair("Emoji", Repeat("\U0001F600\U0001F1FA\U0001F1F3\U0001F468\u200D\U0001F469\u200D\U0001F467 ", 20'000)),
                    std::pair("RightToLeft", Repeat("\u05D4\u05E9\u05E8 \u05D0\u05DE\u05E8 \u0642\u0627\u0644. ", 30'000)),
                    std::pair("Scrambled", Scrambled())),
    [](const auto& test) { return std::string(test.param.first); });

}  // namespace
}  // namespace demarche::syntax
