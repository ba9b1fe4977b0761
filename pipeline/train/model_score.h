#ifndef DEMARCHE_PIPELINE_TRAIN_MODEL_SCORE_H_
#define DEMARCHE_PIPELINE_TRAIN_MODEL_SCORE_H_

#include <string>
#include <vector>

#include "pipeline/syntax/parser.h"
#include "pipeline/train/score.h"
#include "pipeline/train/treebank.h"

namespace demarche::train {

// What a model file gives on a treebank's own tokens.
struct ModelScore {
  Score all{true};
  Score words{false};   // without punctuation
  Score mended{false};  // likewise, when what grammar rules out is mended as in the product
  AttributionScore attribution;
  std::vector<std::vector<PredictedToken>> predicted;  // by sentence, mended; views into the model
  double tokens_per_second = 0;                        // of processor time
};
ModelScore ScoreModel(const syntax::Model& model, const syntax::Kernels& kernels, const std::vector<GoldSentence>& sentences);

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_MODEL_SCORE_H_
