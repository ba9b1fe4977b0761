#ifndef DEMARCHE_PIPELINE_TRAIN_PARSER_TRAINER_H_
#define DEMARCHE_PIPELINE_TRAIN_PARSER_TRAINER_H_

#include <vector>

#include "pipeline/train/encoder.h"
#include "pipeline/train/network.h"
#include "pipeline/train/teachers.h"

namespace demarche::train {

// The parser on top of an Encoder's sums: learns from a sentence while it parses it, or only parses it. Scratch of one thread.
class ParserTrainer {
 public:
  explicit ParserTrainer(Network& network);

  // Adds gradients to the network and to the encoder's positions, whose first row is `row`. Returns the summed loss.
  // With teachers, which have run their encoders on the same batch, their opinion counts beside the gold tree.
  float Learn(const Example& gold, Encoder& encoder, int row, Teachers* teachers, Random& random);

  // Scores in a state that another parser is in: of the actions (illegal ones very low), then of an arc's labels.
  const std::vector<float>& ScoreActions(const syntax::ArcHybrid& state, const syntax::StateFeatures& features,
                                         const Encoder& encoder, int row);
  const std::vector<float>& ScoreLabels(syntax::Action action);

  // Greedy; the tree is in state() until the next call.
  void Parse(int count, const Encoder& encoder, int row);
  const syntax::ArcHybrid& state() const { return state_; }
  // Until this is called with null, Parse appends the hidden layer of every state.
  void Collect(std::vector<float>* hidden) { collected_ = hidden; }

 private:
  void HiddenLayer(const syntax::StateFeatures& features, int root, const Encoder& encoder, int row);
  void ForbidIllegal(const syntax::ArcHybrid& state);
  void Scores(const Parameter& weights, const Parameter& bias, int count, std::vector<float>& scores) const;
  // Gradient of scores to weights, bias and the hidden layer.
  void ScoresBack(Parameter& weights, Parameter& bias, const std::vector<float>& gradient);
  void HiddenBack(const syntax::StateFeatures& features, Encoder& encoder, int row);
  void Drop(Random& random);
  // Returns the action to follow.
  syntax::Action LearnAction(const Example& gold, int row, Teachers* teachers, Random& random);
  syntax::Action Follow(int best, const std::vector<float>& probability, Random& random) const;
  // A label of -1: the arc is not in the gold tree.
  void LearnLabel(syntax::Action action, int gold_label, Teachers* teachers);
  int BestLabel(syntax::Action action);

  Network& network_;
  syntax::ArcHybrid state_;
  float loss_ = 0;
  std::vector<float>* collected_ = nullptr;
  std::vector<float> sum_, hidden_, keep_, hidden_gradient_, actions_, labels_, gradient_, opinion_;
};

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_PARSER_TRAINER_H_
