#include "pipeline/actors/words.h"

#include <array>

namespace demarche::actors {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsHigh(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// What a byte is, in bits that add up over a word; 0 for one that is in no word.
constexpr uint8_t kOther = 0, kLowerLetter = 1, kUpperLetter = 2, kDigit = 4, kHigh = 8;

constexpr std::array<uint8_t, 256> kClasses = [] {
  std::array<uint8_t, 256> classes{};
  for (int c = 'a'; c <= 'z'; ++c) classes[c] = kLowerLetter;
  for (int c = 'A'; c <= 'Z'; ++c) classes[c] = kUpperLetter;
  for (int c = '0'; c <= '9'; ++c) classes[c] = kDigit;
  for (int c = 0x80; c <= 0xFF; ++c) classes[c] = kHigh;
  return classes;
}();

uint8_t ClassOf(char c) { return kClasses[static_cast<unsigned char>(c)]; }

// U+2000 to U+203F: dashes, quotation marks, spaces.
bool IsGeneralPunctuation(std::string_view text, uint32_t at) {
  return at + 2 < text.size() && text[at] == '\xE2' && text[at + 1] == '\x80';
}

// Base letters of U+00C0 to U+017F; '?' where there is none.
constexpr std::string_view kBase =
    "aaaaaaaceeeeiiiidnooooo?ouuuuytsaaaaaaaceeeeiiiidnooooo?ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzz"
    "zs";

void AppendFolded(std::string_view text, uint32_t& at, std::string& out) {
  const unsigned char lead = text[at];
  if (lead >= 0xC3 && lead <= 0xC5 && at + 1 < text.size()) {
    const unsigned code = (lead & 0x1Fu) << 6 | (static_cast<unsigned char>(text[at + 1]) & 0x3Fu);
    const char base = code >= 0xC0 && code - 0xC0 < kBase.size() ? kBase[code - 0xC0] : '?';
    if (base != '?') {
      out.push_back(base);
      at += 2;
      return;
    }
  } else if (lead == 0xC8 && at + 1 < text.size()) {  // Romanian ș and ț
    const unsigned char next = text[at + 1];
    if (next >= 0x98 && next <= 0x9B) {
      out.push_back(next <= 0x99 ? 's' : 't');
      at += 2;
      return;
    }
  }
  out.push_back(IsUpper(text[at]) ? static_cast<char>(text[at] + 32) : text[at]);
  ++at;
}

// Upper-case letters of U+00C0 to U+017F, near enough: all of U+00C0 to U+00DE, and even code points above U+00FF.
bool StartsUpper(std::string_view word) {
  if (!IsHigh(word[0])) return IsUpper(word[0]);
  if (word.size() < 2) return false;
  const unsigned char lead = word[0], next = word[1];
  if (lead == 0xC3) return next <= 0x9E;
  return (lead == 0xC4 || lead == 0xC5 || lead == 0xC8) && next % 2 == 0;
}

// Of a word whose bytes are of these classes.
Shape ShapeOf(std::string_view word, uint8_t classes) {
  if (!StartsUpper(word)) return Shape::kLower;
  return (classes & kLowerLetter) != 0 || word.size() < 2 ? Shape::kCapital : Shape::kUpper;
}

bool IsJoiner(char c) { return c == ' ' || c == '-' || c == '.' || c == '\'' || c == '&' || c == '/' || c == '\n'; }

bool JoinsWords(std::string_view gap) {
  for (uint32_t i = 0; i < gap.size(); ++i) {
    if (IsJoiner(gap[i])) continue;
    // U+2019 apostrophe, U+2010 to U+2013 hyphens and dashes inside names.
    if (!IsGeneralPunctuation(gap, i)) return false;
    const unsigned char last = gap[i + 2];
    if (last != 0x99 && (last < 0x90 || last > 0x93)) return false;
    i += 2;
  }
  return true;
}

}  // namespace

void WordCutter::Cut(std::string_view text, std::string_view lower, uint32_t begin, uint32_t end) {
  words_.clear();
  folded_.clear();
  uint32_t at = begin, last_end = begin;
  while (at < end) {
    uint8_t byte_class = ClassOf(text[at]);
    if (byte_class == kOther) {
      ++at;
      continue;
    }
    if (byte_class == kHigh && IsGeneralPunctuation(text, at)) {
      at += 3;
      continue;
    }
    const uint32_t first = at;
    uint8_t classes = 0;
    do {
      classes |= byte_class;
      byte_class = ++at < end ? ClassOf(text[at]) : kOther;
    } while (byte_class != kOther && (byte_class != kHigh || !IsGeneralPunctuation(text, at)));
    const std::string_view raw = text.substr(first, at - first);
    const bool is_joined = !words_.empty() && JoinsWords(text.substr(last_end, first - last_end));
    const std::string_view folded =
        (classes & kHigh) == 0 ? lower.substr(first, at - first) : std::string_view(folded_.emplace_front(Fold(raw)));
    words_.push_back({first, at, ShapeOf(raw, classes), is_joined, 0, folded});
    last_end = at;
  }
}

std::string Fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (uint32_t at = 0; at < text.size();) AppendFolded(text, at, out);
  return out;
}

std::string AsciiLower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = IsUpper(c) ? static_cast<char>(c + 32) : c;
  return out;
}

}  // namespace demarche::actors
