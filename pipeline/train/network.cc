#include "pipeline/train/network.h"

#include <cmath>

#include "pipeline/syntax/features.h"

namespace demarche::train {
namespace {

constexpr float kEmbeddingRange = 0.1f;

float Glorot(int inputs, int outputs) { return std::sqrt(6.0f / static_cast<float>(inputs + outputs)); }

Parameter Weights(int inputs, int outputs, int columns, Random& random) {
  return Parameter(inputs, columns, Glorot(inputs, outputs), false, random);
}

Parameter Zeros(int columns, Random& random) { return Parameter(1, columns, 0, false, random); }

Parameter Embedding(size_t rows, int columns, Random& random) {
  return Parameter(static_cast<int>(rows), columns, kEmbeddingRange, true, random);
}

}  // namespace

Network::Network(const Vocabulary& vocabulary, const Settings& given, Random& random)
    : settings(given),
      tags(vocabulary.upos.size() + vocabulary.xpos.size()),
      upos_tags(vocabulary.upos.size()),
      labels(vocabulary.labels.size()),
      tag_columns(PadToLane(tags)),
      label_columns(PadToLane(labels)),
      action_columns(kLane),
      word(Embedding(vocabulary.words.size() + 1, kWordSize, random)),
      suffix3(Embedding(vocabulary.suffix3.size() + 1, kSuffix3Size, random)),
      suffix2(Embedding(vocabulary.suffix2.size() + 1, kSuffix2Size, random)),
      prefix(Embedding(vocabulary.prefix.size() + 1, kPrefixSize, random)),
      shape(Embedding(syntax::kShapeRows, kShapeSize, random)),
      input(Weights(kInputSize, given.width, given.width, random)),
      input_bias(Zeros(given.width, random)),
      tag(Weights(given.width, tags, tag_columns, random)),
      tag_bias(Zeros(tag_columns, random)),
      positions(Weights(given.width, given.hidden, syntax::kPositions * given.hidden, random)),
      missing(syntax::kPositions, given.hidden, kEmbeddingRange, false, random),
      root(syntax::kPositions, given.hidden, kEmbeddingRange, false, random),
      tables(syntax::TableRows(labels), given.hidden, kEmbeddingRange, false, random),
      hidden_bias(Zeros(given.hidden, random)),
      action(Weights(given.hidden, syntax::kActions, action_columns, random)),
      action_bias(Zeros(action_columns, random)),
      left(Weights(given.hidden, labels, label_columns, random)),
      left_bias(Zeros(label_columns, random)),
      right(Weights(given.hidden, labels, label_columns, random)),
      right_bias(Zeros(label_columns, random)) {
  for (const Layer& layer : given.layers) {
    const int columns = layer.is_recurrent ? 2 * given.width : given.width;
    convolution.push_back(Weights(layer.window * given.width, given.width, columns, random));
    convolution_bias.push_back(Zeros(columns, random));
  }
  for (int i = 0; i < positions.rows() * positions.columns(); ++i) positions.value()[i] *= 0.5f;  // ten are summed
}

std::vector<Parameter*> Network::All() {
  std::vector<Parameter*> all = {&word,   &suffix3,     &suffix2,   &prefix,    &shape, &input,     &input_bias,
                                 &tag,    &tag_bias,    &positions, &missing,   &root,  &tables,    &hidden_bias,
                                 &action, &action_bias, &left,      &left_bias, &right, &right_bias};
  for (int layer = 0; layer < layers(); ++layer) {
    all.push_back(&convolution[layer]);
    all.push_back(&convolution_bias[layer]);
  }
  return all;
}

}  // namespace demarche::train
