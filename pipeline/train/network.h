#ifndef DEMARCHE_PIPELINE_TRAIN_NETWORK_H_
#define DEMARCHE_PIPELINE_TRAIN_NETWORK_H_

#include <cstdint>
#include <vector>

#include "pipeline/syntax/model_file.h"
#include "pipeline/syntax/transition.h"
#include "pipeline/train/matrix.h"
#include "pipeline/train/parameters.h"
#include "pipeline/train/vocabulary.h"

namespace demarche::train {

// A convolution; a recurrent one carries what it saw along the sentence.
struct Layer {
  int window;
  bool is_recurrent = false;
};

// Sizes and rates of a model.
struct Settings {
  int width = 96;    // of a token's vector
  int hidden = 128;  // of the parser
  std::vector<Layer> layers = {{5}, {5}, {3}};
  float rate = 0.002f;
  int epochs = 16;
  int batch_tokens = 300;
  float word_dropout = 0.1f;     // the learned word becomes the unknown word
  float vector_dropout = 0.05f;  // the word's vector from outside becomes zero as well
  float dropout = 0.2f;          // of token vectors and of the parser's hidden layer
  float explore = 0.9f;          // how often training follows the parser's own choice
  uint64_t seed = 1;
};

using syntax::kPad;

inline constexpr int kWordSize = 48, kSuffix3Size = 24, kSuffix2Size = 12, kPrefixSize = 16, kShapeSize = 8;
inline constexpr int kInputSize = kVectorSize + kWordSize + kSuffix3Size + kSuffix2Size + kPrefixSize + kShapeSize;

// All learned matrices. Weights are stored as input x output; biases as one row.
struct Network {
  Network(const Vocabulary& vocabulary, const Settings& given, Random& random);

  // Every parameter, for steps and for keeping the best.
  std::vector<Parameter*> All();
  int layers() const { return static_cast<int>(convolution.size()); }
  bool IsRecurrent(int layer) const { return settings.layers[layer].is_recurrent; }

  Settings settings;
  int tags;       // upos, then xpos
  int upos_tags;  // of them
  int labels;
  int tag_columns, label_columns, action_columns;  // padded

  Parameter word, suffix3, suffix2, prefix, shape;
  Parameter input, input_bias;
  std::vector<Parameter> convolution, convolution_bias;  // one a layer
  Parameter tag, tag_bias;
  Parameter positions;      // width x (kPositions * hidden)
  Parameter missing, root;  // kPositions x hidden: an empty slot, the root
  Parameter tables;         // TableRows x hidden
  Parameter hidden_bias;
  Parameter action, action_bias;                 // hidden x kActions, padded
  Parameter left, left_bias, right, right_bias;  // hidden x labels, padded
};

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_NETWORK_H_
