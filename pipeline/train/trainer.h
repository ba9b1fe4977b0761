#ifndef DEMARCHE_PIPELINE_TRAIN_TRAINER_H_
#define DEMARCHE_PIPELINE_TRAIN_TRAINER_H_

#include <functional>
#include <string>
#include <vector>

#include "pipeline/train/encoder.h"
#include "pipeline/train/export.h"
#include "pipeline/train/network.h"
#include "pipeline/train/parser_trainer.h"
#include "pipeline/train/score.h"

namespace demarche::train {

// Trains one network and measures it in floats. One thread; owns nothing of what it was given.
class Trainer {
 public:
  // Teachers may be null.
  Trainer(const Vocabulary& vocabulary, Network& network, Teachers* teachers);

  // Runs the epochs of the settings and leaves the network at its best on `dev`. Reports a line an epoch.
  void Train(const std::vector<GoldSentence>& sentences, const std::vector<GoldSentence>& dev,
             const std::function<void(const std::string&)>& report);
  // How large the numbers get in these sentences.
  Ranges Measure(const std::vector<GoldSentence>& sentences);
  Score Evaluate(const std::vector<GoldSentence>& sentences, bool with_punctuation);

 private:
  float Batch(const std::vector<const Example*>& batch, float rate, int step);
  // Runs the encoder on `count` sentences from `begin`.
  void Encode(const std::vector<GoldSentence>& sentences, size_t begin, size_t count);
  void AddSentence(const GoldSentence& gold, int row, Score& score);

  const Vocabulary& vocabulary_;
  Network& network_;
  Teachers* const teachers_;
  Encoder encoder_;
  ParserTrainer parser_;
  Random random_;
};

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_TRAINER_H_
