#include "pipeline/syntax/features.h"

#include <algorithm>

namespace demarche::syntax {
namespace {

struct Counts {
  size_t upper = 0, lower = 0, digit = 0, hyphen = 0, stop = 0, other = 0, wide = 0;
};

Counts Count(std::string_view word) {
  Counts counts;
  for (const char c : word) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      ++counts.wide;
    } else if (c >= 'A' && c <= 'Z') {
      ++counts.upper;
    } else if (c >= 'a' && c <= 'z') {
      ++counts.lower;
    } else if (c >= '0' && c <= '9') {
      ++counts.digit;
    } else if (c == '-') {
      ++counts.hyphen;
    } else if (c == '.') {
      ++counts.stop;
    } else {
      ++counts.other;
    }
  }
  return counts;
}

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

Shape ShapeOf(std::string_view word) {
  // What a long token ends with says nothing about its shape.
  const Counts counts = Count(word.substr(0, kMaxWordBytes));
  const size_t letters = counts.upper + counts.lower;
  if (letters == 0 && counts.digit == 0) return counts.wide > 0 ? Shape::kNonAscii : Shape::kPunctuation;
  if (letters == 0) return counts.hyphen + counts.stop + counts.other == 0 ? Shape::kDigits : Shape::kDigitsAndPunctuation;
  if (counts.digit > 0) return Shape::kLettersAndDigits;
  if (counts.hyphen > 0) return counts.upper > 0 ? Shape::kUpperHyphen : Shape::kLowerHyphen;
  if (counts.upper == 0) return Shape::kLower;
  if (counts.stop > 0 && counts.lower == 0) return Shape::kUpperStop;
  if (letters == 1) return Shape::kSingleUpper;
  if (counts.lower == 0) return Shape::kUpper;
  return counts.upper == 1 && IsUpper(word.front()) ? Shape::kCapitalized : Shape::kMixed;
}

uint32_t SuffixKey(std::string_view lower, size_t length) {
  const std::string_view part = lower.substr(lower.size() - std::min(length, lower.size()));
  uint32_t key = static_cast<uint32_t>(part.size()) << 24;
  for (size_t i = 0; i < part.size(); ++i) key |= static_cast<uint32_t>(static_cast<unsigned char>(part[i])) << (8 * i);
  return key;
}

uint32_t PrefixKey(std::string_view lower) { return SuffixKey(lower.substr(0, std::min<size_t>(3, lower.size())), 3); }

uint32_t WordHash(std::string_view lower) {
  uint32_t hash = 2166136261u;
  for (const char c : lower) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash ^ (hash >> 15);
}

}  // namespace demarche::syntax
