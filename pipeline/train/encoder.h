#ifndef DEMARCHE_PIPELINE_TRAIN_ENCODER_H_
#define DEMARCHE_PIPELINE_TRAIN_ENCODER_H_

#include <vector>

#include "pipeline/train/network.h"

namespace demarche::train {

class Teachers;

// The network below the parser on a batch of sentences: token vectors, tags, the parser's first-layer sums; and back.
// Scratch of one thread, used again for each batch.
class Encoder {
 public:
  Encoder(const Vocabulary& vocabulary, Network& network) : vocabulary_(vocabulary), network_(network) {}

  // With `random`, dropout as in training; without it, none.
  void Forward(const std::vector<const Example*>& batch, Random* random);
  // After the parser has added its share to `position_gradient`. Returns the summed loss of the tags. Teachers may be null.
  float Backward(const std::vector<const Example*>& batch, const Teachers* teachers);

  int first_row(size_t sentence) const { return first_rows_[sentence]; }
  const float* tag_scores(int row) const { return scores_.data() + static_cast<size_t>(row) * network_.tag_columns; }
  const float* position(int row) const { return positions_.data() + static_cast<size_t>(row) * network_.positions.columns(); }
  float* position_gradient(int row) { return position_gradient_.data() + static_cast<size_t>(row) * network_.positions.columns(); }
  // Vectors of the tokens after so many layers (0: the input layer).
  const std::vector<float>& layer(int index) const { return x_[index]; }
  int rows() const { return rows_; }

 private:
  struct Dropped {
    WordInput input;  // after word dropout
    int row;
  };
  void Embed(const WordInput& input, float* out) const;
  void EmbedAll(const std::vector<const Example*>& batch, Random* random);
  void Convolve(int layer);
  void Remember(int layer);
  void RememberBack(int layer);
  void ClearPads(std::vector<float>& rows, int width) const;
  float TagLoss(const std::vector<const Example*>& batch, const Teachers* teachers);
  void ConvolveBack(int layer);
  void EmbedBack();
  // dX += dY W^T, dW += X^T dY, db += sums of dY, for Y = X W + b.
  void LinearBack(const float* x, int inputs, std::vector<float>& dy, Parameter& weights, Parameter* bias, float* dx);

  const Vocabulary& vocabulary_;
  Network& network_;
  int rows_ = 0;
  std::vector<int> first_rows_;
  std::vector<uint8_t> is_token_;
  std::vector<Dropped> inputs_;
  std::vector<float> embedded_, embedded_gradient_;
  std::vector<float> x_[syntax::kMaxLayers + 1], h_[syntax::kMaxLayers], kept_[syntax::kMaxLayers], dropped_, mask_;
  std::vector<float> scores_, score_gradient_;
  std::vector<float> positions_, position_gradient_;
  std::vector<float> dx_, dh_, transposed_;
};

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_ENCODER_H_
