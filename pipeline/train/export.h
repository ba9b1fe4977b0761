#ifndef DEMARCHE_PIPELINE_TRAIN_EXPORT_H_
#define DEMARCHE_PIPELINE_TRAIN_EXPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/train/network.h"
#include "pipeline/train/treebank.h"

namespace demarche::train {

// How large numbers get in real sentences: what the eight-bit steps must reach.
struct Ranges {
  float layers[syntax::kMaxLayers + 1] = {};
  float hidden = 0;
  std::vector<float> positions;  // the parser's first-layer sums, by hidden column
};

// The model file (pipeline/syntax/model_file.h): weights in eight bits, words with their whole part of the input layer.
absl::StatusOr<std::string> Export(const Vocabulary& vocabulary, const Network& network, const Ranges& ranges,
                                   const std::string& credit);

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_EXPORT_H_
