#ifndef DEMARCHE_PIPELINE_TRAIN_VOCABULARY_H_
#define DEMARCHE_PIPELINE_TRAIN_VOCABULARY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "pipeline/document/strings.h"
#include "pipeline/train/treebank.h"

namespace demarche::train {

inline constexpr int kVectorSize = 100;

// Word vectors from outside, most frequent word first. Row -1 is the zero vector.
struct Vectors {
  std::vector<std::string> words;
  std::vector<float> values;  // words x kVectorSize
  StringMap<int> rows;

  // The row of the word, or of the word with its digits as 0, or -1.
  int Row(std::string_view lower) const;
};
absl::StatusOr<Vectors> ReadVectors(const std::string& folder);

// Names of a closed set, in the order of first sight.
struct Names {
  std::vector<std::string> names;
  StringMap<int> ids;

  int Add(std::string_view name);
  int Find(std::string_view name) const;  // -1 when absent
  int size() const { return static_cast<int>(names.size()); }
};

// Affix keys with row numbers; row 0 is for keys that are not there.
using Affixes = absl::flat_hash_map<uint32_t, int>;

// A token as numbers.
struct WordInput {
  int vector = -1;  // row of Vectors
  int word = 0;     // learned embedding; 0 is the unknown word
  int suffix3 = 0;
  int suffix2 = 0;
  int prefix = 0;
  int shape = 0;
};

struct Example {
  std::vector<WordInput> inputs;
  std::vector<int> upos, xpos, labels;
  std::vector<int> heads;
  std::vector<std::vector<int>> children;  // of the tokens, then of the root
};

// All that the network's input and output rows stand for. Built from the training sentences, then immutable.
struct Vocabulary {
  Vectors vectors;
  StringMap<int> words;
  Affixes suffix3, suffix2, prefix;
  Names upos, xpos, labels;

  void Build(const std::vector<GoldSentence>& sentences);
  WordInput Input(std::string_view lower) const;  // all but the shape
  Example Encode(const GoldSentence& sentence) const;
};

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_VOCABULARY_H_
