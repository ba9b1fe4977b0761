#include "pipeline/segment/sentence_breaker.h"

#include <algorithm>

#include "pipeline/segment/characters.h"

namespace demarche::segment {
namespace {

constexpr size_t kSpeechWindow = 4;     // tokens after a quoted question in which 'he asked' may stand
constexpr size_t kSoftCutTokens = 100;  // a long sentence is cut at a comma among its last tokens
constexpr size_t kMaxOpeningSigns = 3;  // quotes and brackets before the first word of a sentence

}  // namespace

std::vector<size_t> SentenceBreaker::Break(bool is_title) const {
  std::vector<size_t> ends;
  size_t begin = 0;
  for (size_t i = 0; i < tokens_.size(); ++i) {
    while (i - begin >= kMaxSentenceTokens) ends.push_back(begin = CutLong(begin, i));
    const Stop stop = is_title ? Stop::kNone : StopAt(i);
    if (stop == Stop::kNone) continue;
    size_t next = i + 1;
    while (next < tokens_.size() && !SpaceBefore(next) && IsClosing(CharacterAt(text_, tokens_[next].begin).code_point)) ++next;
    if (next == tokens_.size() || !IsBoundary(stop, i, next)) continue;
    ends.push_back(begin = next);
    i = next - 1;
  }
  while (tokens_.size() - begin > kMaxSentenceTokens) ends.push_back(begin = CutLong(begin, begin + kMaxSentenceTokens));
  if (begin < tokens_.size()) ends.push_back(tokens_.size());
  return ends;
}

SentenceBreaker::Stop SentenceBreaker::StopAt(size_t token) const {
  const std::string_view word = Text(token);
  if (word == ".") return Stop::kPeriod;
  if (word.front() == '!' || word.front() == '?') return Stop::kQuestion;
  if (word.back() != '.') return word == "\u2026" ? Stop::kEllipsis : Stop::kNone;
  return word.front() == '.' ? Stop::kEllipsis : Stop::kAbbreviation;
}

// Whether a sentence ends between the stop and the token `next`, which follows it and the signs that close after it.
bool SentenceBreaker::IsBoundary(Stop stop, size_t last, size_t next) const {
  if (!SpaceBefore(next) && next == last + 1 && stop != Stop::kPeriod) return false;
  const int32_t first = CharacterAt(text_, tokens_[next].begin).code_point;
  if (IsLower(first) || first == ',' || first == ';' || first == ':') return false;
  if (stop == Stop::kAbbreviation) {
    const Abbreviation kind = lists_.AbbreviationClass(Text(last));
    if (kind == Abbreviation::kTitle || kind == Abbreviation::kNumber) return false;
    return StartsSentence(next);
  }
  if (stop == Stop::kQuestion && next > last + 1) return !IsSpeechAhead(next);
  if (stop == Stop::kPeriod && last > 0 && !SpaceBefore(last) && !SpaceBefore(next)) return IsUpper(first) || next > last + 1;
  return true;
}

// After an abbreviation only a word that seldom stands inside a sentence with a capital begins one.
bool SentenceBreaker::StartsSentence(size_t token) const {
  const size_t limit = std::min(tokens_.size(), token + kMaxOpeningSigns);
  while (token + 1 < limit && IsOpening(CharacterAt(text_, tokens_[token].begin).code_point)) ++token;
  return IsUpper(CharacterAt(text_, tokens_[token].begin).code_point) && lists_.IsStarter(Lower(token));
}

// '"Why?" President Putin asked': the question does not end the sentence.
bool SentenceBreaker::IsSpeechAhead(size_t token) const {
  const size_t limit = std::min(tokens_.size(), token + kSpeechWindow);
  for (; token < limit; ++token) {
    if (StopAt(token) == Stop::kPeriod || IsOpening(CharacterAt(text_, tokens_[token].begin).code_point)) return false;
    if (lists_.IsSpeech(Lower(token))) return true;
  }
  return false;
}

// After the last comma or semicolon near the end; at the end when there is none.
size_t SentenceBreaker::CutLong(size_t begin, size_t end) const {
  const size_t limit = end - begin > kSoftCutTokens ? end - kSoftCutTokens : begin + 1;
  for (size_t i = end; i > limit; --i) {
    if (Text(i - 1) == "," || Text(i - 1) == ";") return i;
  }
  return end;
}

}  // namespace demarche::segment
