#ifndef DEMARCHE_PIPELINE_TRAIN_ORACLE_H_
#define DEMARCHE_PIPELINE_TRAIN_ORACLE_H_

#include "pipeline/syntax/transition.h"
#include "pipeline/train/vocabulary.h"

namespace demarche::train {

// How many gold arcs become unreachable by the action (Goldberg and Nivre's dynamic oracle for arc-hybrid). The gold tree is
// projective.
int Cost(const syntax::ArcHybrid& state, const Example& gold, syntax::Action action);

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_ORACLE_H_
