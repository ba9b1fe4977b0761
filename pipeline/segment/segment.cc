#include "pipeline/segment/segment.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/segment/characters.h"
#include "pipeline/segment/dateline.h"
#include "pipeline/segment/sentence_breaker.h"
#include "pipeline/segment/tokenizer.h"
#include "pipeline/segment/word_lists.h"

namespace demarche::segment {
namespace {

using document::CleanText;
using document::Document;
using document::Field;
using document::Sentence;
using document::Span;
using document::Token;

// A short paragraph without a final stop that does not begin as an item of a list.
bool IsHeading(std::string_view text, const std::vector<Span>& tokens) {
  if (tokens.empty() || tokens.size() > kMaxHeadingTokens) return false;
  const int32_t first = CharacterAt(text, tokens.front().begin).code_point;
  if (!IsWord(first) && !IsOpening(first)) return false;
  size_t last = tokens.size() - 1;
  while (last > 0 && IsClosing(CharacterAt(text, tokens[last].begin).code_point)) --last;
  const std::string_view stop = text.substr(tokens[last].begin, tokens[last].size());
  return std::string_view(".!?:;,").find(stop.front()) == std::string_view::npos && stop != "\u2026";
}

// Most words of four letters and more begin with a capital.
bool IsTitleCase(std::string_view text, const std::vector<Span>& tokens) {
  int words = 0;
  int capitals = 0;
  for (const Span& token : tokens) {
    if (token.size() < 4 || !IsLetter(CharacterAt(text, token.begin).code_point)) continue;
    ++words;
    capitals += IsUpper(CharacterAt(text, token.begin).code_point);
  }
  return words > 0 && capitals * 2 > words;
}

// Immutable; see MakeSegment.
class Segment : public stage::Stage {
 public:
  explicit Segment(WordLists lists) : lists_(std::move(lists)) {}

  std::string_view name() const override { return "segment"; }
  uint32_t needs() const override { return stage::kText; }
  uint32_t gives() const override { return stage::kSentences; }
  absl::Status Process(Document& document) const override;

 private:
  void AddField(Document& document, Field field) const;
  void AddSentence(Document& document, Sentence sentence, const Span* begin, const Span* end) const;

  const WordLists lists_;
};

void Segment::AddSentence(Document& document, Sentence sentence, const Span* begin, const Span* end) const {
  const CleanText& clean = document.text(sentence.field);
  const std::string_view text = clean.text;
  const std::string_view lower = clean.lower;
  sentence.span = {begin->begin, (end - 1)->end};
  sentence.tokens.reserve(end - begin);
  for (const Span* span = begin; span != end; ++span) {
    Token token;
    token.span = *span;
    token.text = text.substr(span->begin, span->size());
    token.lower = token.lemma = lower.substr(span->begin, span->size());
    sentence.tokens.push_back(token);
  }
  const bool opens = document.sentences.empty() || document.sentences.back().paragraph != sentence.paragraph ||
                     document.sentences.back().field != sentence.field;
  if (opens && sentence.field == Field::kBody) sentence.dateline = DatelineEnd(sentence.tokens);
  document.sentences.push_back(std::move(sentence));
}

void Segment::AddField(Document& document, Field field) const {
  const CleanText& clean = document.text(field);
  const std::string_view text = clean.text;
  std::vector<Span> tokens;
  Sentence sentence;
  sentence.field = field;
  for (uint32_t begin = 0; begin < text.size(); ++sentence.paragraph) {
    const auto end = static_cast<uint32_t>(std::min(text.find('\n', begin), text.size()));
    tokens.clear();
    Tokenizer(text, clean.lower, lists_).Tokenize(begin, end, tokens);
    begin = end + 1;
    if (field == Field::kTitle) {
      sentence.is_headline = true;
    } else {
      sentence.is_headline = IsHeading(text, tokens) && (begin < text.size() || IsTitleCase(text, tokens));
    }
    size_t first = 0;
    for (const size_t last : SentenceBreaker(text, clean.lower, tokens, lists_).Break(field == Field::kTitle)) {
      AddSentence(document, sentence, tokens.data() + first, tokens.data() + last);
      first = last;
    }
  }
}

absl::Status Segment::Process(Document& document) const {
  AddField(document, Field::kTitle);
  AddField(document, Field::kBody);
  if (document.trace != nullptr) {
    for (const Sentence& sentence : document.sentences) {
      document.Note(sentence, sentence.span,
                    (sentence.is_headline ? "headline of " : "sentence of ") + std::to_string(sentence.tokens.size()) + " tokens");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeSegment() {
  auto lists = WordLists::Make();
  if (!lists.ok()) return lists.status();
  return std::make_unique<Segment>(*std::move(lists));
}

}  // namespace demarche::segment
