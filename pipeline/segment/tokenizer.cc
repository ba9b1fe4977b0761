#include "pipeline/segment/tokenizer.h"

#include <algorithm>

#include "pipeline/segment/characters.h"

namespace demarche::segment {
namespace {

using document::Span;

constexpr int kMaxClitics = 3;            // cut off one word ('couldn't've')
constexpr uint32_t kMaxNumberBytes = 32;  // how far a number with hyphens is looked at

bool StartsWith(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

bool EndsWith(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

bool IsAddressByte(char c) { return IsWord(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-'; }

// Signs that are one token together when repeated.
bool Repeats(char c) {
  return c == '.' || c == '-' || c == '*' || c == '=' || c == '_' || c == '~' || c == '<' || c == '>' || c == '`' || c == '\'';
}

// Whether an apostrophe, or a byte that may belong to one, is among the last bytes.
bool EndsAfterApostrophe(std::string_view word) {
  for (char c : word.substr(word.size() - std::min<size_t>(word.size(), 5))) {
    if (c == '\'' || c == '`' || c == '\xE2') return true;
  }
  return false;
}

constexpr std::string_view kClitics[] = {"s", "m", "d", "ll", "re", "ve"};

}  // namespace

int32_t Tokenizer::CodePoint(uint32_t at) const { return at < end_ ? CharacterAt(text_, at).code_point : 0; }

int32_t Tokenizer::NextWordStart(uint32_t at) const { return CodePoint(Byte(at) == ' ' ? at + 1 : at); }

void Tokenizer::Tokenize(uint32_t begin, uint32_t end, std::vector<Span>& tokens) {
  tokens_ = &tokens;
  first_token_ = tokens.size();
  end_ = end;
  const std::string_view paragraph = text_.substr(0, end);
  for (uint32_t at = begin; at < end;) {
    const auto space = static_cast<uint32_t>(std::min<size_t>(paragraph.find(' ', at), end));
    if (space > at) TokenizeChunk(at, space);
    at = space + 1;
  }
}

void Tokenizer::TokenizeChunk(uint32_t begin, uint32_t end) {
  chunk_end_ = end;
  bool after_opening = true;
  for (uint32_t at = begin; at < end;) {
    uint32_t next = after_opening ? ScanAddress(at) : at;
    if (next > at) {
      Emit(at, next);
    } else if ((next = ScanWord(at)) > at) {
      EmitWord(at, next);
    } else {
      next = ScanPunctuation(at);
      Emit(at, next);
    }
    after_opening = IsOpening(CodePoint(at));
    at = next;
  }
}

uint32_t Tokenizer::ScanAddress(uint32_t at) const {
  const std::string_view rest = lower_.substr(at, chunk_end_ - at);
  uint32_t end = at;
  const bool may_be_link = rest.size() > 4 && (rest.front() == 'h' || rest.front() == 'w' || rest.front() == 'm');
  if (may_be_link &&
      (StartsWith(rest, "http://") || StartsWith(rest, "https://") || StartsWith(rest, "www.") || StartsWith(rest, "mailto:"))) {
    end = chunk_end_;
  } else {
    uint32_t sign = at;
    while (sign < chunk_end_ && IsAddressByte(text_[sign])) ++sign;
    if (sign == at || sign >= chunk_end_ || text_[sign] != '@') return at;
    end = sign + 1;
    while (end < chunk_end_ && IsAddressByte(text_[end])) ++end;
    if (end == sign + 1) return at;
  }
  while (end > at && std::string_view(".,;:!?)]}\"'>").find(text_[end - 1]) != std::string_view::npos) --end;
  for (std::string_view quote : {"\u201D", "\u2019", "\u00BB"}) {
    if (EndsWith(text_.substr(at, end - at), quote)) end -= quote.size();
  }
  return end;
}

uint32_t Tokenizer::ScanWord(uint32_t at) const {
  uint32_t i = at;
  const char first = Byte(at);
  const bool after_word = at > 0 && IsWord(static_cast<unsigned char>(text_[at - 1]));
  if ((first == '.' || first == '+') && !after_word && IsDigit(Byte(at + 1))) ++i;
  if ((first == '#' || first == '@') && IsLetter(CodePoint(at + 1))) ++i;
  uint32_t segment = i;  // begins after the last period
  while (i < chunk_end_) {
    const Character c = CharacterAt(text_, i);
    if (IsWord(c.code_point)) {
      i += c.size;
      continue;
    }
    if (i == segment) break;
    if (c.code_point == '$' && i - at <= 3 && IsUpper(Byte(at))) return i + 1;
    if (i + c.size >= chunk_end_ || !IsWord(CodePoint(i + c.size)) || !Joins(at, segment, i)) break;
    i += c.size;
    if (c.code_point == '.') segment = i;
  }
  if (i == segment && i > at && (first == '.' || first == '+' || first == '#' || first == '@')) return at;
  return i > at && i < chunk_end_ && text_[i] == '.' && IsAbbreviation(at, i) ? i + 1 : i;
}

bool Tokenizer::Joins(uint32_t word, uint32_t segment, uint32_t at) const {
  const Character sign = CharacterAt(text_, at);
  const char before = text_[at - 1];
  const int32_t after = CodePoint(at + sign.size);
  const bool in_number = IsDigit(before) && IsDigit(after);
  switch (sign.code_point) {
    case '.':
      return in_number || JoinsPeriod(segment, at);
    case ',':
      return in_number && IsDigit(Byte(at + 2)) && IsDigit(Byte(at + 3)) && !IsDigit(Byte(at + 4));
    case ':':
      return in_number;
    case '/':
      return in_number && IsDigit(Byte(word));
    case '-':
      return JoinsHyphen(word, at);
    case '&':
      return IsUpper(before) && IsUpper(after);
    case '_':
      return true;
    default:
      return IsApostrophe(sign.code_point) && (IsLetter(after) || IsDigit(before));
  }
}

// 'U.S', 'a.m', 'Ph.D' and 'example.com' go on; 'end.The' does not.
bool Tokenizer::JoinsPeriod(uint32_t segment, uint32_t at) const {
  const Character after = CharacterAt(text_, at + 1);
  if (IsLower(after.code_point)) return true;
  const bool is_single = at - segment == CharacterAt(text_, segment).size;
  const bool next_is_single = !IsWord(CodePoint(at + 1 + after.size));
  return IsLetter(after.code_point) && (is_single || (next_is_single && IsUpper(after.code_point)));
}

// Dates, telephone numbers and postal codes ('2024-05-01'), words with a prefix that does not stand alone
// ('re-elected'), and nouns that are one word to the lexicon ('cease-fire').
bool Tokenizer::JoinsHyphen(uint32_t word, uint32_t at) const {
  if (IsDigit(Byte(word)) && IsDigit(Byte(at + 1))) {
    const uint32_t limit = std::min(chunk_end_, word + kMaxNumberBytes);
    uint32_t end = word;
    int hyphens = 0;
    while (end < limit && (IsDigit(text_[end]) || text_[end] == '-')) hyphens += text_[end++] == '-';
    const uint32_t before = at - word;
    return hyphens >= 2 || (end - at == 5 && (before == 3 || before == 5));
  }
  if (at - word > kMaxNumberBytes) return false;
  if (lists_.IsPrefix(lower_.substr(word, at - word))) return true;
  uint32_t end = at + 1;
  while (end < chunk_end_ && end - at <= kMaxNumberBytes && (IsLetter(Byte(end)) || IsDigit(Byte(end)))) ++end;
  return lists_.IsWhole(lower_.substr(word, end - word));
}

bool Tokenizer::IsAbbreviation(uint32_t word, uint32_t period) const {
  if (Byte(period + 1) == '.') return false;
  const std::string_view written = text_.substr(word, period - word);
  if (written.size() <= CharacterAt(text_, word).size) return IsInitial(word, period);
  if (written.size() <= kMaxNumberBytes && written.find('.') != std::string_view::npos) {
    uint32_t letters = 0;  // in the last segment
    for (uint32_t i = word; i < period; ++i) {
      letters = text_[i] == '.' ? 0 : letters + 1;
      if (IsDigit(text_[i]) || letters > 2) return false;
    }
    return true;
  }
  const int32_t next = NextWordStart(period + 1);
  switch (lists_.AbbreviationClass(text_.substr(word, period + 1 - word))) {
    case Abbreviation::kNone:
      return false;
    case Abbreviation::kNumber:
      return IsDigit(next);
    case Abbreviation::kPlace:
      return tokens_->size() > first_token_ && text_[tokens_->back().begin] == ',';
    case Abbreviation::kFinal:
      return next != 0 && !IsUpper(next);
    default:
      return next != 0;
  }
}

// 'J. D. Vance'; 'I' is a word at the end of a sentence.
bool Tokenizer::IsInitial(uint32_t word, uint32_t period) const {
  if (lists_.AbbreviationClass(text_.substr(word, 2)) == Abbreviation::kNumber) return IsDigit(NextWordStart(period + 1));
  if (!IsUpper(CodePoint(word))) return text_.substr(word, 2) == "v.";
  if (text_[word] == 'I') return false;
  return IsUpper(NextWordStart(period + 1)) || Byte(period + 1) == ',';
}

uint32_t Tokenizer::ScanClitic(uint32_t at) const {
  if (!IsApostrophe(CodePoint(at))) return at;
  const uint32_t letters = at + CharacterAt(text_, at).size;
  for (std::string_view clitic : kClitics) {
    const uint32_t end = letters + clitic.size();
    if (end <= chunk_end_ && lower_.substr(letters, clitic.size()) == clitic && !IsWord(CodePoint(end))) return end;
  }
  return at;
}

uint32_t Tokenizer::ScanPunctuation(uint32_t at) const {
  if (const uint32_t end = ScanClitic(at); end > at) return end;
  const Character c = CharacterAt(text_, at);
  if (IsApostrophe(c.code_point) && IsDigit(Byte(at + c.size)) && IsDigit(Byte(at + c.size + 1))) {
    return ScanWord(at + c.size);  // '90s
  }
  uint32_t end = at + c.size;
  if (c.code_point == '!' || c.code_point == '?') {
    while (end < chunk_end_ && (text_[end] == '!' || text_[end] == '?')) ++end;
  } else if (c.size == 1 && Repeats(text_[at])) {
    while (end < chunk_end_ && text_[end] == text_[at]) ++end;
  }
  return end;
}

void Tokenizer::EmitWord(uint32_t begin, uint32_t end) {
  if (const uint32_t unit = UnitAt(begin, end); unit < end) {
    Emit(begin, unit);
    Emit(unit, end);
    return;
  }
  const std::string_view word = lower_.substr(begin, end - begin);
  if ((word.size() == 5 || word.size() == 6) && (word == "cannot" || word == "gonna" || word == "gotta" || word == "wanna")) {
    Emit(begin, begin + 3);
    Emit(begin + 3, end);
    return;
  }
  uint32_t ends[kMaxClitics + 1] = {end};
  int clitics = 0;
  while (clitics < kMaxClitics) {
    const uint32_t clitic = CliticAt(begin, ends[clitics]);
    if (clitic <= begin || clitic >= ends[clitics]) break;
    ends[++clitics] = clitic;
  }
  Emit(begin, ends[clitics]);
  for (; clitics > 0; --clitics) Emit(ends[clitics], ends[clitics - 1]);
}

// Where the unit of '5km' begins; `end` when there is none.
uint32_t Tokenizer::UnitAt(uint32_t begin, uint32_t end) const {
  if (!IsDigit(text_[begin])) return end;
  uint32_t at = begin;
  while (at < end && !IsLetter(static_cast<unsigned char>(text_[at]))) ++at;
  return at < end && end - at <= 4 && lists_.IsUnit(lower_.substr(at, end - at)) ? at : end;
}

// Where the clitic at the end of the word begins; `end` when there is none.
uint32_t Tokenizer::CliticAt(uint32_t begin, uint32_t end) const {
  const std::string_view word = lower_.substr(begin, end - begin);
  if (!EndsAfterApostrophe(word)) return end;
  for (std::string_view negation : {"n't", "n\u2019t", "n`t"}) {
    if (EndsWith(word, negation)) return end - negation.size();
  }
  for (std::string_view clitic : kClitics) {
    if (!EndsWith(word, clitic)) continue;
    const std::string_view stem = word.substr(0, word.size() - clitic.size());
    for (std::string_view apostrophe : {"'", "\u2019", "`"}) {
      if (!EndsWith(stem, apostrophe) || stem.size() == apostrophe.size()) continue;
      if (IsDigit(stem[stem.size() - apostrophe.size() - 1])) continue;  // the 60's
      return end - clitic.size() - apostrophe.size();
    }
  }
  return end;
}

void Tokenizer::Emit(uint32_t begin, uint32_t end) {
  while (end - begin > kMaxTokenBytes) {
    uint32_t cut = begin + kMaxTokenBytes;
    while ((text_[cut] & 0xC0) == 0x80) --cut;
    tokens_->push_back({begin, cut});
    begin = cut;
  }
  tokens_->push_back({begin, end});
}

}  // namespace demarche::segment
