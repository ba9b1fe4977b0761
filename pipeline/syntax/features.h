#ifndef DEMARCHE_PIPELINE_SYNTAX_FEATURES_H_
#define DEMARCHE_PIPELINE_SYNTAX_FEATURES_H_

#include <cstdint>
#include <string_view>

namespace demarche::syntax {

// How a token is written: letters' case, digits, punctuation. The trainer and the parser share this and the keys below.
enum class Shape : uint8_t {
  kLower,
  kCapitalized,
  kUpper,
  kSingleUpper,
  kMixed,
  kDigits,
  kDigitsAndPunctuation,
  kLettersAndDigits,
  kPunctuation,
  kLowerHyphen,
  kUpperHyphen,
  kUpperStop,
  kNonAscii,
  kCount,
};
Shape ShapeOf(std::string_view word);

// Rows of the shape table: every shape twice, for the first word of a sentence and for the others.
inline constexpr int kShapeRows = 2 * static_cast<int>(Shape::kCount);
inline constexpr int ShapeRow(Shape shape, bool first) { return static_cast<int>(shape) * 2 + (first ? 1 : 0); }

// Affix keys of a lower-case word: up to three bytes, its length in the top byte.
uint32_t SuffixKey(std::string_view lower, size_t length);
uint32_t PrefixKey(std::string_view lower);

// The longest word whose form is looked up; longer ones are unknown words.
inline constexpr size_t kMaxWordBytes = 64;

// Hash of a word for the table of the model file.
uint32_t WordHash(std::string_view lower);

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_FEATURES_H_
