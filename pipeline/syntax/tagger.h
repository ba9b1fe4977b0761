#ifndef DEMARCHE_PIPELINE_SYNTAX_TAGGER_H_
#define DEMARCHE_PIPELINE_SYNTAX_TAGGER_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"
#include "pipeline/syntax/lexicon.h"
#include "pipeline/syntax/tags.h"

namespace demarche::syntax {

// Finds the parts of speech of a sentence: a hidden Markov model over pairs of tags (resources/text/tags.tsv) with the readings of
// the lexicon; words that are not in it are judged by ending and capitals. Scores are whole numbers, the same on every machine.
// Immutable; any thread. The lexicon must outlive it.
class Tagger {
 public:
  static absl::StatusOr<Tagger> Make(const Lexicon& lexicon);

  void Tag(document::Sentence& sentence) const;

 private:
  enum class Shape : uint8_t { kLower, kCapital, kFirst, kCapitals, kDigit, kOther };
  static constexpr int kShapeCount = 6;
  // Scores are 256 times a natural logarithm.
  using TagScores = std::array<int32_t, kTagCount>;
  struct Candidate {
    int tag;
    int32_t score;
  };

  explicit Tagger(const Lexicon& lexicon) : lexicon_(lexicon) {}

  absl::Status Read();
  void SmoothTrigrams(const std::vector<int>& counts);
  static Shape ShapeOf(std::string_view text, bool is_first);
  void AddCandidates(const document::Token& token, Shape shape, bool capitals_count, std::vector<Candidate>& candidates) const;
  void AddUnknown(std::string_view lower, std::vector<Candidate>& candidates) const;
  void AddInflected(std::string_view lower, int seen, std::vector<Candidate>& candidates) const;
  bool IsFormOf(std::string_view lower, document::Upos upos) const;

  const Lexicon& lexicon_;
  std::vector<int32_t> trigrams_;                // [before][previous][tag]
  std::array<TagScores, kShapeCount> shapes_{};  // of the shape, given the tag
  TagScores tags_{};                             // of the tag
  StringMap<TagScores> suffixes_;                // of the tag, given the ending, over that of the tag
};

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_TAGGER_H_
