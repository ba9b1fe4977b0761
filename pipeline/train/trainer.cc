#include "pipeline/train/trainer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>

namespace demarche::train {
namespace {

constexpr float kWarmUpSteps = 200;
constexpr size_t kEvaluationBatch = 32;
constexpr double kWithinRange = 0.9997;  // of activations; the rest is cut off

std::vector<Example> EncodeAll(const Vocabulary& vocabulary, const std::vector<GoldSentence>& sentences) {
  std::vector<Example> examples;
  for (GoldSentence sentence : sentences) {
    Projectivize(sentence);
    examples.push_back(vocabulary.Encode(sentence));
  }
  return examples;
}

// Sentences in random order, in batches of about so many tokens.
std::vector<std::vector<const Example*>> Batches(const std::vector<Example>& examples, size_t tokens, Random& random) {
  std::vector<const Example*> order;
  for (const Example& example : examples) order.push_back(&example);
  random.Shuffle(order);
  std::vector<std::vector<const Example*>> batches(1);
  size_t size = 0;
  for (const Example* example : order) {
    if (size >= tokens) {
      batches.emplace_back();
      size = 0;
    }
    batches.back().push_back(example);
    size += example->inputs.size();
  }
  return batches;
}

int Best(const float* scores, int begin, int end) {
  return static_cast<int>(std::max_element(scores + begin, scores + end) - scores) - begin;
}

void AppendPositive(const std::vector<float>& values, std::vector<float>& out) {
  std::copy_if(values.begin(), values.end(), std::back_inserter(out), [](float value) { return value > 0; });
}

// What all but few of the values stay under.
float Top(std::vector<float>& values) {
  const size_t rank = static_cast<size_t>(static_cast<double>(values.size()) * kWithinRange);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank), values.end());
  return values[rank];
}

}  // namespace

Trainer::Trainer(const Vocabulary& vocabulary, Network& network, Teachers* teachers)
    : vocabulary_(vocabulary),
      network_(network),
      teachers_(teachers),
      encoder_(vocabulary, network),
      parser_(network),
      random_(network.settings.seed) {}

float Trainer::Batch(const std::vector<const Example*>& batch, float rate, int step) {
  encoder_.Forward(batch, &random_);
  if (teachers_ != nullptr) teachers_->Forward(batch);
  float loss = 0;
  for (size_t s = 0; s < batch.size(); ++s) loss += parser_.Learn(*batch[s], encoder_, encoder_.first_row(s), teachers_, random_);
  loss += encoder_.Backward(batch, teachers_);
  for (Parameter* parameter : network_.All()) parameter->Step(rate, step);
  return loss;
}

void Trainer::Train(const std::vector<GoldSentence>& sentences, const std::vector<GoldSentence>& dev,
                    const std::function<void(const std::string&)>& report) {
  const Settings& settings = network_.settings;
  const std::vector<Example> examples = EncodeAll(vocabulary_, sentences);
  double best = -1;
  std::vector<std::vector<float>> kept;
  int step = 0;
  float planned = 0;
  for (int epoch = 1; epoch <= settings.epochs; ++epoch) {
    const auto batches = Batches(examples, settings.batch_tokens, random_);
    planned = static_cast<float>(batches.size() * settings.epochs);
    double loss = 0;
    for (const auto& batch : batches) {
      ++step;
      const float done = std::min(static_cast<float>(step) / planned, 1.0f);
      const float rate = settings.rate * std::min(static_cast<float>(step) / kWarmUpSteps, 1 - 0.98f * done);
      loss += Batch(batch, rate, step);
    }
    for (Parameter* parameter : network_.All()) parameter->SwapMean();
    const Score score = Evaluate(dev, true);
    std::array<char, 64> line;
    std::snprintf(line.data(), line.size(), "epoch %d loss %.0f dev ", epoch, loss);
    report(line.data() + score.Line());
    if (score.las() > best) {
      best = score.las();
      kept.clear();
      for (const Parameter* parameter : network_.All()) kept.push_back(parameter->values());
    }
    for (Parameter* parameter : network_.All()) parameter->SwapMean();
  }
  size_t next = 0;
  for (Parameter* parameter : network_.All()) parameter->set_values(std::move(kept[next++]));
}

void Trainer::AddSentence(const GoldSentence& gold, int row, Score& score) {
  parser_.Parse(static_cast<int>(gold.size()), encoder_, row);
  for (size_t i = 0; i < gold.size(); ++i) {
    const int token = static_cast<int>(i);
    const float* scores = encoder_.tag_scores(row + token);
    PredictedToken predicted;
    predicted.upos = vocabulary_.upos.names[Best(scores, 0, network_.upos_tags)];
    predicted.xpos = vocabulary_.xpos.names[Best(scores, network_.upos_tags, network_.tags)];
    predicted.head = parser_.state().head(token);
    predicted.label = vocabulary_.labels.names[parser_.state().label(token)];
    score.Add(gold[i], predicted);
  }
}

void Trainer::Encode(const std::vector<GoldSentence>& sentences, size_t begin, size_t count) {
  std::vector<Example> examples;
  for (size_t s = begin; s < begin + count; ++s) examples.push_back(vocabulary_.Encode(sentences[s]));
  std::vector<const Example*> batch;
  for (const Example& example : examples) batch.push_back(&example);
  encoder_.Forward(batch, nullptr);
}

Score Trainer::Evaluate(const std::vector<GoldSentence>& sentences, bool with_punctuation) {
  Score score(with_punctuation);
  for (size_t begin = 0; begin < sentences.size(); begin += kEvaluationBatch) {
    const size_t count = std::min(kEvaluationBatch, sentences.size() - begin);
    Encode(sentences, begin, count);
    for (size_t s = 0; s < count; ++s) AddSentence(sentences[begin + s], encoder_.first_row(s), score);
  }
  return score;
}

Ranges Trainer::Measure(const std::vector<GoldSentence>& sentences) {
  Ranges ranges;
  const int hidden = network_.settings.hidden, columns = network_.positions.columns();
  ranges.positions.assign(hidden, 0);
  std::vector<float> layers[syntax::kMaxLayers + 1], hidden_values;
  parser_.Collect(&hidden_values);
  for (size_t begin = 0; begin < sentences.size(); begin += kEvaluationBatch) {
    const size_t count = std::min(kEvaluationBatch, sentences.size() - begin);
    Encode(sentences, begin, count);
    for (int layer = 0; layer <= network_.layers(); ++layer) AppendPositive(encoder_.layer(layer), layers[layer]);
    for (size_t s = 0; s < count; ++s) {
      const int tokens = static_cast<int>(sentences[begin + s].size()), first = encoder_.first_row(s);
      parser_.Parse(tokens, encoder_, first);
      for (int row = first; row < first + tokens; ++row) {
        for (int c = 0; c < columns; ++c) {
          float& top = ranges.positions[c % hidden];
          top = std::max(top, std::abs(encoder_.position(row)[c]));
        }
      }
    }
  }
  parser_.Collect(nullptr);
  for (int layer = 0; layer <= network_.layers(); ++layer) ranges.layers[layer] = Top(layers[layer]);
  std::erase(hidden_values, 0.0f);
  ranges.hidden = Top(hidden_values);
  return ranges;
}

}  // namespace demarche::train
