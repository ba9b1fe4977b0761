#ifndef DEMARCHE_PIPELINE_SYNTAX_TAGGER_H_
#define DEMARCHE_PIPELINE_SYNTAX_TAGGER_H_

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/document/document.h"
#include "pipeline/syntax/lexicon.h"
#include "pipeline/syntax/tag_model.h"

namespace demarche::syntax {

// Finds the parts of speech of a sentence: a hidden Markov model over pairs of tags (TagModel) with the readings of
// the lexicon; words that are not in it are judged by ending and capitals.
// Immutable; any thread. The lexicon must outlive it.
class Tagger {
 public:
  static absl::StatusOr<Tagger> Make(const Lexicon& lexicon);

  void Tag(document::Sentence& sentence) const;

 private:
  struct Candidate {
    int tag;
    int32_t score;
  };
  // A pair of tags at a token: the best way to it. Tag 0 stands before the sentence.
  struct State {
    int previous = 0;
    int tag = 0;
    int32_t score = 0;
    int from = -1;  // index of the state before
  };

  Tagger(const Lexicon& lexicon, TagModel model) : lexicon_(lexicon), model_(std::move(model)) {}

  static Shape ShapeOf(std::string_view text, bool is_first);
  std::vector<State> Step(const std::vector<State>& before, const std::vector<Candidate>& candidates) const;
  void AddCandidates(const document::Token& token, Shape shape, bool capitals_count, std::vector<Candidate>& candidates) const;
  void AddUnknown(std::string_view lower, std::vector<Candidate>& candidates) const;
  void AddInflected(std::string_view lower, int seen, std::vector<Candidate>& candidates) const;
  bool IsFormOf(std::string_view lower, document::Upos upos) const;

  const Lexicon& lexicon_;
  TagModel model_;
};

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_TAGGER_H_
