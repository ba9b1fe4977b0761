#ifndef DEMARCHE_PIPELINE_TRAIN_TREEBANK_H_
#define DEMARCHE_PIPELINE_TRAIN_TREEBANK_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace demarche::train {

// A word of a treebank sentence.
struct GoldToken {
  std::string form;
  std::string lower;  // ASCII lower case
  std::string upos;
  std::string xpos;
  std::string label;  // with its sub-type
  int head = 0;       // index in the sentence; the number of tokens stands for the root
  bool space_after = true;
  bool attribution = false;  // a verb of speech, or the head of what is reported (MISC: Attribution=Yes)
};

using GoldSentence = std::vector<GoldToken>;

// Reads a CoNLL-U file; words only, no ranges, no empty nodes. Errors name the file and the line.
absl::StatusOr<std::vector<GoldSentence>> ReadTreebank(const std::string& path);

// The text as it was written, and where each token begins in it.
std::string TextOf(const GoldSentence& sentence, std::vector<size_t>& begins);

// Lifts heads until no arcs cross, so that the transition system can build the tree.
void Projectivize(GoldSentence& sentence);

// The relation without its sub-type: 'nmod:poss' is 'nmod'.
std::string_view BaseLabel(std::string_view label);

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_TREEBANK_H_
