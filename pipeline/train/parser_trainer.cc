#include "pipeline/train/parser_trainer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "pipeline/train/oracle.h"

namespace demarche::train {
namespace {

using syntax::Action;
using syntax::StateFeatures;

constexpr std::array<Action, syntax::kActions> kAll = {Action::kShift, Action::kLeft, Action::kRight};
constexpr float kIllegal = -1e9f;             // score of an action that is not allowed
constexpr float kTeachersShareOfTree = 0.6f;  // of the loss; the gold tree has the rest

}  // namespace

ParserTrainer::ParserTrainer(Network& network)
    : network_(network), sum_(network.settings.hidden), hidden_(sum_), keep_(sum_), hidden_gradient_(sum_) {}

void ParserTrainer::HiddenLayer(const StateFeatures& features, int root, const Encoder& encoder, int row) {
  const int hidden = network_.settings.hidden;
  std::copy_n(network_.hidden_bias.value(), hidden, sum_.begin());
  for (int p = 0; p < syntax::kPositions; ++p) {
    const int token = features.positions[p];
    const float* part = token < 0       ? network_.missing.value(p)
                        : token == root ? network_.root.value(p)
                                        : encoder.position(row + token) + p * hidden;
    Add(hidden, part, sum_.data());
  }
  for (const int table_row : features.rows) Add(hidden, network_.tables.value(table_row), sum_.data());
  for (int i = 0; i < hidden; ++i) hidden_[i] = std::max(sum_[i], 0.0f);
}

void ParserTrainer::Drop(Random& random) {
  const float keep = 1 - network_.settings.dropout;
  for (size_t i = 0; i < hidden_.size(); ++i) {
    keep_[i] = random.Chance(keep) ? 1 / keep : 0;
    hidden_[i] *= keep_[i];
  }
}

void ParserTrainer::Scores(const Parameter& weights, const Parameter& bias, int count, std::vector<float>& scores) const {
  scores.assign(bias.value(), bias.value() + bias.columns());
  for (size_t i = 0; i < hidden_.size(); ++i) {
    if (hidden_[i] != 0) AddScaled(weights.columns(), hidden_[i], weights.value(static_cast<int>(i)), scores.data());
  }
  scores.resize(count);
}

void ParserTrainer::ScoresBack(Parameter& weights, Parameter& bias, const std::vector<float>& gradient) {
  const int columns = weights.columns();
  Add(columns, gradient.data(), bias.gradient());
  for (size_t i = 0; i < hidden_.size(); ++i) {
    const int row = static_cast<int>(i);
    if (hidden_[i] == 0) continue;  // the gradient to it is cut off as well
    AddScaled(columns, hidden_[i], gradient.data(), weights.gradient(row));
    hidden_gradient_[i] += Dot(columns, gradient.data(), weights.value(row));
  }
}

void ParserTrainer::HiddenBack(const StateFeatures& features, Encoder& encoder, int row) {
  const int hidden = network_.settings.hidden;
  for (int i = 0; i < hidden; ++i) hidden_gradient_[i] = hidden_[i] > 0 ? hidden_gradient_[i] * keep_[i] : 0;
  Add(hidden, hidden_gradient_.data(), network_.hidden_bias.gradient());
  for (int p = 0; p < syntax::kPositions; ++p) {
    const int token = features.positions[p];
    float* part = token < 0                 ? network_.missing.gradient(p)
                  : token == state_.count() ? network_.root.gradient(p)
                                            : encoder.position_gradient(row + token) + p * hidden;
    Add(hidden, hidden_gradient_.data(), part);
  }
  for (const int table_row : features.rows) Add(hidden, hidden_gradient_.data(), network_.tables.gradient(table_row));
}

int ParserTrainer::BestLabel(Action action) {
  const bool left = action == Action::kLeft;
  Scores(left ? network_.left : network_.right, left ? network_.left_bias : network_.right_bias, network_.labels, labels_);
  return static_cast<int>(std::max_element(labels_.begin(), labels_.end()) - labels_.begin());
}

void ParserTrainer::ForbidIllegal(const syntax::ArcHybrid& state) {
  for (int a = 0; a < syntax::kActions; ++a) {
    if (!state.Can(kAll[a])) actions_[a] = kIllegal;
  }
}

const std::vector<float>& ParserTrainer::ScoreActions(const syntax::ArcHybrid& state, const StateFeatures& features,
                                                      const Encoder& encoder, int row) {
  HiddenLayer(features, state.count(), encoder, row);
  Scores(network_.action, network_.action_bias, syntax::kActions, actions_);
  ForbidIllegal(state);
  return actions_;
}

const std::vector<float>& ParserTrainer::ScoreLabels(Action action) {
  BestLabel(action);
  return labels_;
}

void ParserTrainer::LearnLabel(Action action, int gold_label, Teachers* teachers) {
  const bool left = action == Action::kLeft;
  BestLabel(action);
  if (gold_label < 0) return;
  gradient_ = labels_;
  Softmax(network_.labels, gradient_.data());
  loss_ -= std::log(std::max(gradient_[gold_label], 1e-9f));
  if (teachers == nullptr) {
    gradient_[gold_label] -= 1;
  } else {
    teachers->Labels(action, opinion_);
    gradient_[gold_label] -= 1 - kTeachersShareOfTree;
    AddScaled(network_.labels, -kTeachersShareOfTree, opinion_.data(), gradient_.data());
  }
  gradient_.resize(network_.label_columns);
  ScoresBack(left ? network_.left : network_.right, left ? network_.left_bias : network_.right_bias, gradient_);
}

Action ParserTrainer::Follow(int best, const std::vector<float>& probability, Random& random) const {
  if (!random.Chance(network_.settings.explore)) return kAll[best];
  float rest = random.Uniform();
  for (int a = 0; a < syntax::kActions; ++a) {
    rest -= probability[a];
    if (rest < 0 && state_.Can(kAll[a])) return kAll[a];
  }
  return kAll[best];
}

Action ParserTrainer::LearnAction(const Example& gold, int row, Teachers* teachers, Random& random) {
  Scores(network_.action, network_.action_bias, syntax::kActions, actions_);
  ForbidIllegal(state_);
  std::array<int, syntax::kActions> costs;
  for (int a = 0; a < syntax::kActions; ++a) {
    costs[a] = state_.Can(kAll[a]) ? Cost(state_, gold, kAll[a]) : std::numeric_limits<int>::max();
  }
  const int cheapest = *std::min_element(costs.begin(), costs.end());
  gradient_ = actions_;
  Softmax(syntax::kActions, gradient_.data());
  const std::vector<float> probability = gradient_;
  float right = 1e-9f;
  int best = -1;
  for (int a = 0; a < syntax::kActions; ++a) {
    if (costs[a] != cheapest) continue;
    right += probability[a];
    if (best < 0 || probability[a] > probability[best]) best = a;
  }
  loss_ -= std::log(right);
  const float share = teachers == nullptr ? 0 : kTeachersShareOfTree;
  for (int a = 0; a < syntax::kActions; ++a) {
    if (costs[a] == cheapest) gradient_[a] -= (1 - share) * probability[a] / right;
  }
  if (teachers != nullptr) {
    teachers->Actions(state_, row, opinion_);
    AddScaled(syntax::kActions, -share, opinion_.data(), gradient_.data());
  }
  gradient_.resize(network_.action_columns);
  ScoresBack(network_.action, network_.action_bias, gradient_);
  return Follow(best, probability, random);
}

float ParserTrainer::Learn(const Example& gold, Encoder& encoder, int row, Teachers* teachers, Random& random) {
  loss_ = 0;
  state_.Reset(static_cast<int>(gold.heads.size()), network_.labels);
  while (!state_.done()) {
    const StateFeatures features = state_.Features();
    HiddenLayer(features, state_.count(), encoder, row);
    Drop(random);
    std::fill(hidden_gradient_.begin(), hidden_gradient_.end(), 0.0f);
    const Action action = LearnAction(gold, row, teachers, random);
    int label = 0;
    if (action != Action::kShift) {
      const int dependent = state_.stack().back();
      LearnLabel(action, state_.HeadFor(action) == gold.heads[dependent] ? gold.labels[dependent] : -1, teachers);
      label = static_cast<int>(std::max_element(labels_.begin(), labels_.end()) - labels_.begin());
    }
    HiddenBack(features, encoder, row);
    state_.Apply(action, label);
  }
  return loss_;
}

void ParserTrainer::Parse(int count, const Encoder& encoder, int row) {
  state_.Reset(count, network_.labels);
  while (!state_.done()) {
    HiddenLayer(state_.Features(), count, encoder, row);
    if (collected_ != nullptr) collected_->insert(collected_->end(), hidden_.begin(), hidden_.end());
    Scores(network_.action, network_.action_bias, syntax::kActions, actions_);
    int best = -1;
    for (int a = 0; a < syntax::kActions; ++a) {
      if (state_.Can(kAll[a]) && (best < 0 || actions_[a] > actions_[best])) best = a;
    }
    state_.Apply(kAll[best], kAll[best] == Action::kShift ? 0 : BestLabel(kAll[best]));
  }
}

}  // namespace demarche::train
