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
  int head = -1;  // in the gold sentence; -1 when it is none of its tokens
};

// Counts of right tags, heads and labels: F1 of gold and found tokens, which is accuracy where both are the same. `core` is
// labelled recall of subjects, objects, obliques and clausal complements.
class Score {
 public:
  explicit Score(bool with_punctuation) : with_punctuation_(with_punctuation) {}

  // A token that was found as it is in the gold sentence.
  void Add(const GoldToken& gold, const PredictedToken& predicted);
  void AddMissed(const GoldToken& gold);           // a gold token that was not found
  void AddExtra(const PredictedToken& predicted);  // a token that is not in the gold sentence
  double las() const { return Percent(labelled_, tokens_ + found_, 2); }
  // 'tokens 21180 XPOS 95.00 UPOS 95.00 UAS 88.00 LAS 85.00 core 82.00'
  std::string Line() const;

 private:
  static double Percent(int part, int whole, int times) { return whole == 0 ? 0 : 100.0 * times * part / whole; }
  bool Counts(std::string_view upos) const { return with_punctuation_ || upos != "PUNCT"; }

  const bool with_punctuation_;
  int tokens_ = 0, found_ = 0, upos_ = 0, xpos_ = 0, heads_ = 0, labelled_ = 0, core_ = 0, core_right_ = 0;
};

// Sentences whose verbs of speech and what they report all hang where they should.
struct AttributionScore {
  int sentences = 0;
  int right = 0;

  std::string Line() const;  // '95.2% of 210 sentences'
};

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_SCORE_H_
