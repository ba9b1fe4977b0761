#ifndef DEMARCHE_PIPELINE_TRAIN_SCORE_H_
#define DEMARCHE_PIPELINE_TRAIN_SCORE_H_

#include <string>
#include <string_view>

#include "pipeline/train/treebank.h"

namespace demarche::train {

// What was predicted for a token. Labels are compared without their sub-types.
struct PredictedToken {
  std::string_view upos;
  std::string_view xpos;
  std::string_view label;
  int head = -1;
};

// Counts of right tags, heads and labels. `core` is labelled recall of subjects, objects, obliques and clausal complements.
class Score {
 public:
  explicit Score(bool with_punctuation) : with_punctuation_(with_punctuation) {}

  void Add(const GoldToken& gold, const PredictedToken& predicted);
  double las() const { return Percent(labelled_, tokens_); }
  // 'tokens 21180 XPOS 95.00 UPOS 95.00 UAS 88.00 LAS 85.00 core 82.00'
  std::string Line() const;

 private:
  static double Percent(int part, int whole) { return whole == 0 ? 0 : 100.0 * part / whole; }

  const bool with_punctuation_;
  int tokens_ = 0, upos_ = 0, xpos_ = 0, heads_ = 0, labelled_ = 0, core_ = 0, core_right_ = 0;
};

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_SCORE_H_
