#ifndef DEMARCHE_PIPELINE_SYNTAX_TAG_MODEL_H_
#define DEMARCHE_PIPELINE_SYNTAX_TAG_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "pipeline/document/strings.h"
#include "pipeline/syntax/tags.h"

namespace demarche::syntax {

// Scores are whole numbers, the same on every machine: natural logarithms times this.
inline constexpr double kScoreScale = 256;
inline constexpr int32_t kImpossible = -100 * 256;

int32_t Score(double probability);

// How a word is written. The names of tags.tsv, in this order, are 'lower', 'capital', 'first', 'capitals', 'digit', 'other'.
enum class Shape : uint8_t { kLower, kCapital, kFirst, kCapitals, kDigit, kOther };

// How probable parts of speech are after each other, and for shapes and endings of words (resources/text/tags.tsv). Immutable;
// any thread.
class TagModel {
 public:
  using TagScores = std::array<int32_t, kTagCount>;

  static absl::StatusOr<TagModel> Make();

  int32_t OfTag(int tag) const { return tags_[tag]; }
  // Of `tag` after two others; 0 stands for the edge of the sentence.
  int32_t OfTrigram(int before, int previous, int tag) const { return trigrams_[At(before, previous, tag)]; }
  // Of the shape, given the tag.
  int32_t OfShape(Shape shape, int tag) const { return shapes_[static_cast<int>(shape)][tag]; }
  // Of the tags given the longest known ending of the word, over those of the tags alone; null when no ending is known.
  const TagScores* OfEnding(std::string_view lower) const;

 private:
  static constexpr int kShapeCount = 6;
  static constexpr size_t kMaxSuffixBytes = 5;
  struct Counts;

  TagModel() = default;
  static size_t At(int before, int previous, int tag) {
    return (static_cast<size_t>(before) * kTagCount + previous) * kTagCount + tag;
  }
  static absl::Status Add(const std::vector<std::string_view>& cells, Counts& counts);
  void SetTrigrams(const Counts& counts);

  std::vector<int32_t> trigrams_;
  std::array<TagScores, kShapeCount> shapes_{};
  TagScores tags_{};
  StringMap<TagScores> suffixes_;
};

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_TAG_MODEL_H_
