#include "pipeline/segment/segment.h"

#include <algorithm>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/sentence_breaker.h"
#include "pipeline/segment/tokenizer.h"

namespace demarche::segment {
namespace {

using document::Document;
using document::Field;
using document::Sentence;
using document::Token;

class SegmentTest : public ::testing::Test {
 protected:
  Document& Run(std::string title, std::string body) {
    item_.set_title(std::move(title));
    item_.set_body(std::move(body));
    item_.set_language_code("en");
    document_ = std::make_unique<Document>(item_);
    EXPECT_TRUE(normalize_->Process(*document_).ok());
    EXPECT_TRUE(segment_->Process(*document_).ok());
    return *document_;
  }
  std::string Normalized(std::string text) {
    v1::NewsItem item;
    item.set_body(std::move(text));
    item.set_language_code("en");
    Document document(item);
    EXPECT_TRUE(normalize_->Process(document).ok());
    return document.text(Field::kBody).text;
  }

  std::unique_ptr<const stage::Stage> normalize_ = *normalize::MakeNormalize();
  std::unique_ptr<const stage::Stage> segment_ = *MakeSegment();
  v1::NewsItem item_;
  std::unique_ptr<Document> document_;
};

TEST_F(SegmentTest, EveryTokenMapsBackToBytesThatNormalizeToIt) {
  const Document& document =
      Run("Envoy\u2019s visit &#8212; day two",
          "<p>The U.S. envoy didn&rsquo;t &amp; won't meet Mr. Nguye\u0302\u0303n in Zu\u0308rich on Feb.&nbsp;12, he said."
          "<p>\u201CNo <b>re</b>-elected leader pays $5.2bn,\u201D Sa\u00ADsha\u2019s aide\twrote. "
          "<i>\u041C\u043E\u0441\u043A\u0432\u0430</i> \U0001F600!");
  size_t tokens = 0;
  for (const Sentence& sentence : document.sentences) {
    for (const Token& token : sentence.tokens) {
      const auto span = document::ToReceived(document, sentence.field, token.span);
      const std::string& field = sentence.field == Field::kTitle ? item_.title() : item_.body();
      EXPECT_EQ(Normalized(field.substr(span.begin(), span.end() - span.begin())), token.text);
      EXPECT_TRUE(sentence.span.contains(token.span));
      ++tokens;
    }
  }
  EXPECT_GT(tokens, 40u);
}

TEST_F(SegmentTest, TheTitleIsOneHeadline) {
  const Document& document = Run("Talks fail. What now?", "The talks failed.");
  ASSERT_EQ(document.sentences.size(), 2u);
  EXPECT_EQ(document.sentences[0].field, Field::kTitle);
  EXPECT_TRUE(document.sentences[0].is_headline);
  EXPECT_FALSE(document.sentences[1].is_headline);
}

TEST_F(SegmentTest, ParagraphsAreCountedAndHeadingsTold) {
  const Document& document = Run("", "Reaction abroad\n\nParis was silent. Rome was not.\n\nThat was all.");
  ASSERT_EQ(document.sentences.size(), 4u);
  EXPECT_TRUE(document.sentences[0].is_headline);
  EXPECT_FALSE(document.sentences[1].is_headline);
  EXPECT_EQ(document.sentences[2].paragraph, 1u);
  EXPECT_EQ(document.sentences[3].paragraph, 2u);
}

struct Opening {
  const char* body;
  const char* report;  // what follows the dateline
};

TEST_F(SegmentTest, ADatelineEndsWithItsDash) {
  const Opening openings[] = {
      {"HANOI, July 16 - Vietnam summoned the envoy.", "Vietnam"},
      {"KYIV, Ukraine (AP) \u2014 Russia fired missiles.", "Russia"},
      {"ADDIS ABABA, Jan. 5 (Agency) - The African Union met.", "The"},
      {"Geneva, 5 July \u2013 Experts deplored the law.", "Experts"},
      {"Kyiv - Ukraine's president flew home.", "Ukraine"},
      {"Kenya - a neighbour of Somalia - sent troops.", "Kenya"},
      {"NATO's chief - in Kyiv - spoke to reporters.", "NATO"},
      {"NATO-led troops left the town at dawn.", "NATO"},
      {"The ship sailed on Monday - a day late.", "The"},
      {"PARIS -", "PARIS"},
  };
  for (const Opening& opening : openings) {
    const Sentence& sentence = Run("", opening.body).sentences.front();
    EXPECT_EQ(sentence.tokens[sentence.dateline].text, opening.report) << opening.body;
  }
  EXPECT_EQ(Run("PARIS - The minister flew home", "").sentences.front().dateline, 0) << "a title has none";
}

TEST_F(SegmentTest, SentencesAndTokensAreBounded) {
  std::string body;
  for (int i = 0; i < 3000; ++i) body += "word, ";
  body += std::string(10000, 'x');
  size_t bytes = 0;
  for (const Sentence& sentence : Run("", body).sentences) {
    EXPECT_LE(sentence.tokens.size(), kMaxSentenceTokens);
    EXPECT_FALSE(sentence.tokens.empty());
    for (const Token& token : sentence.tokens) {
      EXPECT_LE(token.text.size(), kMaxTokenBytes);
      bytes += token.text.size();
    }
  }
  EXPECT_EQ(bytes, 3000u * 5 + 10000);
}

// Quadratic work would not finish on a megabyte. No text is lost.
TEST_F(SegmentTest, FinishesHostileMegabytes) {
  for (std::string_view unit : {"a",      "ab\n", "1",     ".", "-",     "'",    "\"",    "(",       "a.",   "1-",   "1.",
                                "a'",     "'s",   "n't",   "@", "a@",    "\"a@", "A.B",   "http://", "No. ", "a.b@", "\u2019",
                                "\u4E2D", "? ",   "U.S. ", "$", "1,000", "re-",  "((a@b", "A",       "A. ",  "\"? "}) {
    SCOPED_TRACE(unit);
    std::string body;
    while (body.size() < 1 << 20) body += unit;
    const Document& document = Run("", body);
    size_t bytes = 0;
    for (const Sentence& sentence : document.sentences) {
      for (const Token& token : sentence.tokens) bytes += token.text.size();
    }
    const std::string& text = document.text(Field::kBody).text;
    EXPECT_EQ(bytes, text.size() - std::count_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; }));
  }
}

}  // namespace
}  // namespace demarche::segment
