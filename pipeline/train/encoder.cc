#include "pipeline/train/encoder.h"

#include <algorithm>
#include <cmath>

#include "pipeline/syntax/features.h"
#include "pipeline/train/teachers.h"

namespace demarche::train {
namespace {

constexpr float kTeachersShareOfTags = 0.5f;  // of the loss of the tags; the gold tags have the rest

// Sentences are sometimes shown as headlines write them, so that capitals do not mislead.
enum class Style { kAsWritten, kTitle, kCapitals };
constexpr float kTitleChance = 0.05f, kCapitalsChance = 0.02f;
constexpr float kTitleWordChance = 0.85f;  // small words keep their letters

Style DrawStyle(Random& random) {
  const float draw = random.Uniform();
  return draw < kTitleChance ? Style::kTitle : draw < kTitleChance + kCapitalsChance ? Style::kCapitals : Style::kAsWritten;
}

int Restyled(int shape_row, Style style, Random& random) {
  const auto shape = static_cast<syntax::Shape>(shape_row / 2);
  const bool first = shape_row % 2 == 1;
  if (style == Style::kCapitals && (shape == syntax::Shape::kLower || shape == syntax::Shape::kCapitalized)) {
    return syntax::ShapeRow(syntax::Shape::kUpper, first);
  }
  if (style == Style::kTitle && shape == syntax::Shape::kLower && random.Chance(kTitleWordChance)) {
    return syntax::ShapeRow(syntax::Shape::kCapitalized, first);
  }
  return shape_row;
}

void Relu(std::vector<float>& values) {
  for (float& value : values) value = std::max(value, 0.0f);
}

// The share between 0 and 1 that a score means.
float Share(float score) { return 0.5f + 0.5f * (score / (1 + std::abs(score))); }

// Rows that begin as the bias.
void FillRows(int rows, const Parameter& bias, std::vector<float>& out) {
  out.resize(static_cast<size_t>(rows) * bias.columns());
  for (int row = 0; row < rows; ++row)
    std::copy_n(bias.value(), bias.columns(), out.data() + static_cast<size_t>(row) * bias.columns());
}

}  // namespace

void Encoder::Embed(const WordInput& input, float* out) const {
  if (input.vector >= 0) {
    std::copy_n(vocabulary_.vectors.values.data() + static_cast<size_t>(input.vector) * kVectorSize, kVectorSize, out);
  } else {
    std::fill_n(out, kVectorSize, 0.0f);
  }
  out += kVectorSize;
  out = std::copy_n(network_.word.value(input.word), kWordSize, out);
  out = std::copy_n(network_.suffix3.value(input.suffix3), kSuffix3Size, out);
  out = std::copy_n(network_.suffix2.value(input.suffix2), kSuffix2Size, out);
  out = std::copy_n(network_.prefix.value(input.prefix), kPrefixSize, out);
  std::copy_n(network_.shape.value(input.shape), kShapeSize, out);
}

void Encoder::EmbedAll(const std::vector<const Example*>& batch, Random* random) {
  const Settings& settings = network_.settings;
  first_rows_.clear();
  inputs_.clear();
  rows_ = kPad;
  for (const Example* example : batch) {
    first_rows_.push_back(rows_);
    const Style style = random == nullptr ? Style::kAsWritten : DrawStyle(*random);
    for (WordInput input : example->inputs) {
      if (style != Style::kAsWritten) input.shape = Restyled(input.shape, style, *random);
      if (random != nullptr && random->Chance(settings.word_dropout)) input.word = 0;
      if (random != nullptr && random->Chance(settings.vector_dropout)) {
        input.vector = -1;
        input.word = 0;
      }
      inputs_.push_back({input, rows_++});
    }
    rows_ += kPad;
  }
  is_token_.assign(rows_, 0);
  embedded_.assign(static_cast<size_t>(rows_) * kInputSize, 0);
  for (const Dropped& input : inputs_) {
    is_token_[input.row] = 1;
    Embed(input.input, embedded_.data() + static_cast<size_t>(input.row) * kInputSize);
  }
}

void Encoder::ClearPads(std::vector<float>& rows, int width) const {
  for (int row = 0; row < rows_; ++row) {
    if (!is_token_[row]) std::fill_n(rows.data() + static_cast<size_t>(row) * width, width, 0.0f);
  }
}

void Encoder::Convolve(int layer) {
  const int width = network_.settings.width, columns = network_.convolution_bias[layer].columns();
  const int window = network_.settings.layers[layer].window, reach = window / 2;
  FillRows(rows_, network_.convolution_bias[layer], h_[layer]);
  // A window of rows is one long row: they lie one after the other.
  MultiplyAdd(rows_ - 2 * reach, columns, window * width, x_[layer].data(), width, network_.convolution[layer].value(),
              h_[layer].data() + static_cast<size_t>(reach) * columns, columns);
  if (network_.IsRecurrent(layer)) return Remember(layer);
  Relu(h_[layer]);
  ClearPads(h_[layer], width);
  x_[layer + 1] = x_[layer];
  Add(rows_ * width, h_[layer].data(), x_[layer + 1].data());
}

// Each row keeps a share of what the row before it kept, and takes the rest from its own words; the second half of the width goes
// from the end of the sentence to its beginning.
void Encoder::Remember(int layer) {
  const int width = network_.settings.width;
  kept_[layer].assign(static_cast<size_t>(rows_) * width, 0);
  for (int half = 0; half < 2; ++half) {
    const int begin = half * width / 2, end = begin + width / 2, step = half == 0 ? 1 : -1;
    for (int row = half == 0 ? 1 : rows_ - 2; row > 0 && row < rows_ - 1; row += step) {
      if (!is_token_[row]) continue;
      float* share = h_[layer].data() + static_cast<size_t>(row) * 2 * width;
      const float* value = share + width;
      float* kept = kept_[layer].data() + static_cast<size_t>(row) * width;
      const float* before = kept - step * width;
      for (int i = begin; i < end; ++i) {
        const float f = Share(share[i]);
        kept[i] = f * before[i] + (1 - f) * std::max(value[i], 0.0f);
      }
    }
  }
  x_[layer + 1] = x_[layer];
  Add(rows_ * width, kept_[layer].data(), x_[layer + 1].data());
}

// dh_ = the gradient of h_ of the layer.
void Encoder::RememberBack(int layer) {
  const int width = network_.settings.width;
  dh_.assign(h_[layer].size(), 0);
  std::vector<float> later(width);
  for (int half = 0; half < 2; ++half) {
    const int begin = half * width / 2, end = begin + width / 2, step = half == 0 ? 1 : -1;
    std::fill(later.begin(), later.end(), 0.0f);
    for (int row = half == 0 ? rows_ - 2 : 1; row > 0 && row < rows_ - 1; row -= step) {
      if (!is_token_[row]) {
        std::fill(later.begin(), later.end(), 0.0f);
        continue;
      }
      const float* share = h_[layer].data() + static_cast<size_t>(row) * 2 * width;
      const float* value = share + width;
      float* gradient = dh_.data() + static_cast<size_t>(row) * 2 * width;
      const float* before = kept_[layer].data() + static_cast<size_t>(row - step) * width;
      const float* above = dx_.data() + static_cast<size_t>(row) * width;
      for (int i = begin; i < end; ++i) {
        const float f = Share(share[i]), g = above[i] + later[i], bound = 1 + std::abs(share[i]);
        gradient[i] = g * (before[i] - std::max(value[i], 0.0f)) * 0.5f / (bound * bound);
        gradient[width + i] = value[i] > 0 ? g * (1 - f) : 0;
        later[i] = g * f;
      }
    }
  }
}

void Encoder::Forward(const std::vector<const Example*>& batch, Random* random) {
  const int width = network_.settings.width;
  EmbedAll(batch, random);
  FillRows(rows_, network_.input_bias, x_[0]);
  MultiplyAdd(rows_, width, kInputSize, embedded_.data(), kInputSize, network_.input.value(), x_[0].data(), width);
  Relu(x_[0]);
  ClearPads(x_[0], width);
  for (int layer = 0; layer < network_.layers(); ++layer) Convolve(layer);
  dropped_ = x_[network_.layers()];
  mask_.assign(dropped_.size(), 1);
  if (random != nullptr) {
    const float keep = 1 - network_.settings.dropout;
    for (size_t i = 0; i < mask_.size(); ++i) {
      mask_[i] = random->Chance(keep) ? 1 / keep : 0;
      dropped_[i] *= mask_[i];
    }
  }
  FillRows(rows_, network_.tag_bias, scores_);
  MultiplyAdd(rows_, network_.tag_columns, width, dropped_.data(), width, network_.tag.value(), scores_.data(),
              network_.tag_columns);
  const int columns = network_.positions.columns();
  positions_.assign(static_cast<size_t>(rows_) * columns, 0);
  position_gradient_.assign(positions_.size(), 0);
  MultiplyAdd(rows_, columns, width, dropped_.data(), width, network_.positions.value(), positions_.data(), columns);
}

float Encoder::TagLoss(const std::vector<const Example*>& batch, const Teachers* teachers) {
  const int columns = network_.tag_columns, upos = network_.upos_tags, xpos = network_.tags - upos;
  score_gradient_.assign(static_cast<size_t>(rows_) * columns, 0);
  std::vector<float> opinion;
  float loss = 0;
  for (size_t s = 0; s < batch.size(); ++s) {
    for (size_t i = 0; i < batch[s]->inputs.size(); ++i) {
      const size_t row = first_rows_[s] + i;
      float* gradient = score_gradient_.data() + row * columns;
      std::copy_n(tag_scores(static_cast<int>(row)), network_.tags, gradient);
      Softmax(upos, gradient);
      Softmax(xpos, gradient + upos);
      for (const int gold : {batch[s]->upos[i], batch[s]->xpos[i] + upos}) {
        loss -= std::log(std::max(gradient[gold], 1e-9f));
        gradient[gold] -= teachers == nullptr ? 1 : 1 - kTeachersShareOfTags;
      }
      if (teachers == nullptr) continue;
      teachers->Tags(static_cast<int>(row), opinion);
      AddScaled(network_.tags, -kTeachersShareOfTags, opinion.data(), gradient);
    }
  }
  return loss;
}

void Encoder::LinearBack(const float* x, int inputs, std::vector<float>& dy, Parameter& weights, Parameter* bias, float* dx) {
  const int outputs = weights.columns();
  if (dx != nullptr) {
    Transpose(inputs, outputs, weights.value(), outputs, transposed_, inputs);
    MultiplyAdd(rows_, inputs, outputs, dy.data(), outputs, transposed_.data(), dx, inputs);
  }
  Transpose(rows_, inputs, x, inputs, transposed_, rows_);
  MultiplyAdd(inputs, outputs, rows_, transposed_.data(), rows_, dy.data(), weights.gradient(), outputs);
  if (bias == nullptr) return;
  for (int row = 0; row < rows_; ++row) Add(outputs, dy.data() + static_cast<size_t>(row) * outputs, bias->gradient());
}

void Encoder::ConvolveBack(int layer) {
  const int width = network_.settings.width;
  const int window = network_.settings.layers[layer].window, reach = window / 2;
  Parameter& weights = network_.convolution[layer];
  const int columns = weights.columns();
  if (network_.IsRecurrent(layer)) {
    RememberBack(layer);
  } else {
    dh_ = dx_;
    for (size_t i = 0; i < dh_.size(); ++i) dh_[i] = h_[layer][i] > 0 ? dh_[i] : 0;
  }
  for (int row = 0; row < rows_; ++row) {
    Add(columns, dh_.data() + static_cast<size_t>(row) * columns, network_.convolution_bias[layer].gradient());
  }
  const int inner = rows_ - 2 * reach;
  const float* dh = dh_.data() + static_cast<size_t>(reach) * columns;
  std::vector<float> inputs;
  Transpose(rows_, width, x_[layer].data(), width, inputs, rows_);
  for (int offset = 0; offset < window; ++offset) {
    const size_t block = static_cast<size_t>(offset) * width;
    MultiplyAdd(width, columns, inner, inputs.data() + offset, rows_, dh, weights.gradient() + block * columns, columns);
    Transpose(width, columns, weights.value() + block * columns, columns, transposed_, width);
    MultiplyAdd(inner, width, columns, dh, columns, transposed_.data(), dx_.data() + block, width);
  }
}

void Encoder::EmbedBack() {
  for (size_t i = 0; i < dx_.size(); ++i) dx_[i] = x_[0][i] > 0 ? dx_[i] : 0;
  embedded_gradient_.assign(embedded_.size(), 0);
  LinearBack(embedded_.data(), kInputSize, dx_, network_.input, &network_.input_bias, embedded_gradient_.data());
  for (const Dropped& input : inputs_) {
    const float* gradient = embedded_gradient_.data() + static_cast<size_t>(input.row) * kInputSize + kVectorSize;
    const auto add = [&gradient](Parameter& table, int row) {
      Add(table.columns(), gradient, table.Touch(row));
      gradient += table.columns();
    };
    add(network_.word, input.input.word);
    add(network_.suffix3, input.input.suffix3);
    add(network_.suffix2, input.input.suffix2);
    add(network_.prefix, input.input.prefix);
    add(network_.shape, input.input.shape);
  }
}

float Encoder::Backward(const std::vector<const Example*>& batch, const Teachers* teachers) {
  const int width = network_.settings.width;
  const float loss = TagLoss(batch, teachers);
  dx_.assign(static_cast<size_t>(rows_) * width, 0);
  LinearBack(dropped_.data(), width, score_gradient_, network_.tag, &network_.tag_bias, dx_.data());
  LinearBack(dropped_.data(), width, position_gradient_, network_.positions, nullptr, dx_.data());
  for (size_t i = 0; i < dx_.size(); ++i) dx_[i] *= mask_[i];
  ClearPads(dx_, width);
  for (int layer = network_.layers() - 1; layer >= 0; --layer) {
    ConvolveBack(layer);
    ClearPads(dx_, width);
  }
  EmbedBack();
  return loss;
}

}  // namespace demarche::train
