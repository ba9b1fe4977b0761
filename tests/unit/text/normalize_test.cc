#include "pipeline/normalize/normalize.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace demarche::normalize {
namespace {

using document::Document;
using document::Field;
using document::Span;
using ::testing::HasSubstr;

class NormalizeTest : public ::testing::Test {
 protected:
  const document::CleanText& Clean(std::string body) {
    item_.set_body(std::move(body));
    document_ = std::make_unique<Document>(item_);
    status_ = stage_->Process(*document_);
    return document_->text(Field::kBody);
  }
  // The bytes received that the first occurrence of `word` in the clean body stands for.
  std::string Received(std::string_view word) {
    const auto at = static_cast<uint32_t>(document_->text(Field::kBody).text.find(word));
    const Span span = document_->text(Field::kBody).map.ToReceived({at, at + static_cast<uint32_t>(word.size())});
    return item_.body().substr(span.begin, span.size());
  }

  std::unique_ptr<const stage::Stage> stage_ = *MakeNormalize();
  v1::NewsItem item_;
  std::unique_ptr<Document> document_;
  absl::Status status_;
};

TEST_F(NormalizeTest, ComposesCharactersAndMapsThemAsAWhole) {
  EXPECT_EQ(Clean("Zu\u0308rich cafe\u0301 talks").text, "Z\u00FCrich caf\u00E9 talks");
  EXPECT_EQ(Received("Z\u00FCrich"), "Zu\u0308rich");
  EXPECT_EQ(Received("talks"), "talks");
  EXPECT_EQ(Received("ri"), "ri");
}

TEST_F(NormalizeTest, MapsAcrossTagsAndEntities) {
  EXPECT_EQ(Clean("<p>AT&amp;T and <b>U</b>kraine &#8217;s</p>").text, "AT&T and Ukraine \u2019s");
  EXPECT_EQ(Received("AT&T"), "AT&amp;T");
  EXPECT_EQ(Received("Ukraine"), "U</b>kraine");
  EXPECT_EQ(Received("\u2019"), "&#8217;");
}

TEST_F(NormalizeTest, LowerStandsByteForByteBesideText) {
  const auto& clean = Clean("\u00C9lys\u00E9e PALACE");
  EXPECT_EQ(clean.lower, "\u00C9lys\u00E9e palace");
  EXPECT_EQ(clean.lower.size(), clean.text.size());
}

TEST_F(NormalizeTest, RefusesInvalidUtf8WithFieldAndOffset) {
  Clean("abc\xC3(");
  EXPECT_EQ(status_.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status_.message()), HasSubstr("body: not valid UTF-8 at byte 3"));
}

TEST_F(NormalizeTest, DetectsLanguages) {
  Clean("Der Bundeskanzler hat am Dienstag in Berlin den Staatspr\u00E4sidenten empfangen und mit ihm gesprochen.");
  EXPECT_EQ(document_->language_code, "de");
  EXPECT_FALSE(document_->is_supported_language);
  Clean("The chancellor received the president in Berlin on Tuesday and spoke with him about the war.");
  EXPECT_EQ(document_->language_code, "en");
  EXPECT_TRUE(document_->is_supported_language);
  Clean("Bonjour");
  EXPECT_TRUE(document_->is_supported_language);
}

TEST_F(NormalizeTest, AGivenLanguageCounts) {
  item_.set_language_code("fr-CA");
  Clean("The text is English all the same, but its publisher says otherwise.");
  EXPECT_FALSE(document_->is_supported_language);
  item_.set_language_code("en-GB");
  Clean("Le texte n'est pas anglais.");
  EXPECT_TRUE(document_->is_supported_language);
}

std::string Repeated(std::string_view unit, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += unit;
  return text;
}

// Quadratic work would not finish on a megabyte.
TEST_F(NormalizeTest, FinishesHostileMegabytes) {
  constexpr size_t kMegabyte = 1 << 20;
  for (std::string_view unit :
       {"<",      "&",     "<a ", "<a \">\" ", "<a b=\">\" ", "<!--",      "<!-- <p>",      "<script>",     "<script></p>",
        "<head>", "<div>", "&#x", "&ampamp",   "</",          "<p",        "a\u0301\u0323", "\u0301\u0323", "\u200B",
        "\n",     "ab\n",  "\r",  "- \n",      "<svg>",       "<![CDATA[", "<p a='",        "\u0344",       "\u1100\u1161\u11A8"}) {
    SCOPED_TRACE(unit);
    Clean(Repeated(unit, kMegabyte));
    EXPECT_TRUE(status_.ok());
    Clean("<p>" + Repeated(unit, kMegabyte) + "<p>");
    EXPECT_TRUE(status_.ok());
    const auto& clean = document_->text(Field::kBody);
    EXPECT_EQ(clean.map.clean_size(), clean.text.size());
  }
}

}  // namespace
}  // namespace demarche::normalize
