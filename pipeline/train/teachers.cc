#include "pipeline/train/teachers.h"

#include <utility>

#include "pipeline/train/parser_trainer.h"

namespace demarche::train {
namespace {

void AddMean(const std::vector<float>& scores, size_t members, std::vector<float>& mean) {
  std::vector<float> probabilities = scores;
  Softmax(static_cast<int>(probabilities.size()), probabilities.data());
  mean.resize(scores.size());
  AddScaled(static_cast<int>(scores.size()), 1.0f / static_cast<float>(members), probabilities.data(), mean.data());
}

}  // namespace

struct Teachers::Member {
  Member(const Vocabulary& vocabulary, std::shared_ptr<Network> given)
      : network(std::move(given)), encoder(vocabulary, *network), parser(*network) {}

  std::shared_ptr<Network> network;
  Encoder encoder;
  ParserTrainer parser;
};

Teachers::Teachers(const Vocabulary& vocabulary, const std::vector<std::shared_ptr<Network>>& networks) : vocabulary_(vocabulary) {
  for (const auto& network : networks) members_.push_back(std::make_unique<Member>(vocabulary_, network));
}
Teachers::~Teachers() = default;

void Teachers::Forward(const std::vector<const Example*>& batch) {
  for (const auto& member : members_) member->encoder.Forward(batch, nullptr);
}

void Teachers::Tags(int row, std::vector<float>& probabilities) const {
  const int tags = members_.front()->network->tags, upos = members_.front()->network->upos_tags;
  probabilities.assign(tags, 0);
  std::vector<float> one(tags);
  for (const auto& member : members_) {
    std::copy_n(member->encoder.tag_scores(row), tags, one.begin());
    Softmax(upos, one.data());
    Softmax(tags - upos, one.data() + upos);
    AddScaled(tags, 1.0f / static_cast<float>(members_.size()), one.data(), probabilities.data());
  }
}

void Teachers::Actions(const syntax::ArcHybrid& state, int row, std::vector<float>& probabilities) {
  const syntax::StateFeatures features = state.Features();
  probabilities.clear();
  for (const auto& member : members_) {
    AddMean(member->parser.ScoreActions(state, features, member->encoder, row), members_.size(), probabilities);
  }
}

void Teachers::Labels(syntax::Action action, std::vector<float>& probabilities) {
  probabilities.clear();
  for (const auto& member : members_) AddMean(member->parser.ScoreLabels(action), members_.size(), probabilities);
}

}  // namespace demarche::train
