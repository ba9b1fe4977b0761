#ifndef DEMARCHE_PIPELINE_TRAIN_OWN_TOKENS_H_
#define DEMARCHE_PIPELINE_TRAIN_OWN_TOKENS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/train/model_score.h"

namespace demarche::train {

// What a model file gives on the tokens that the stages normalize and segment make of each gold sentence's text. A token counts as
// found when it has the gold token's bytes.
absl::StatusOr<ModelScore> ScoreOwnTokens(const syntax::Model& model, const syntax::Kernels& kernels,
                                          const std::vector<GoldSentence>& sentences);

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_OWN_TOKENS_H_
