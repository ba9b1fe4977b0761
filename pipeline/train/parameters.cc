#include "pipeline/train/parameters.h"

#include <algorithm>
#include <cmath>

namespace demarche::train {
namespace {

constexpr float kFirstDecay = 0.9f;
constexpr float kSecondDecay = 0.99f;
constexpr float kEpsilon = 1e-16f;    // keeps roots away from numbers so small that fast ones of them are infinite
constexpr float kMeanDecay = 0.998f;  // the mean is of some 500 steps

}  // namespace

Parameter::Parameter(int rows, int columns, float range, bool sparse, Random& random)
    : rows_(rows), columns_(columns), sparse_(sparse), is_touched_(sparse ? rows : 0) {
  const size_t size = static_cast<size_t>(rows) * columns;
  value_.resize(size);
  gradient_.resize(size);
  first_.resize(size);
  second_.resize(size);
  for (float& value : value_) value = (2 * random.Uniform() - 1) * range;
  mean_.assign(value_.begin(), value_.end());
}

float* Parameter::Touch(int row) {
  if (!is_touched_[row]) {
    is_touched_[row] = 1;
    touched_.push_back(row);
  }
  return gradient(row);
}

void Parameter::StepRow(int row, float rate, float second_correction) {
  const size_t begin = static_cast<size_t>(row) * columns_;
  float* value = value_.data() + begin;
  float* gradient = gradient_.data() + begin;
  float* first = first_.data() + begin;
  float* second = second_.data() + begin;
  for (int i = 0; i < columns_; ++i) {
    first[i] = kFirstDecay * first[i] + (1 - kFirstDecay) * gradient[i];
    second[i] = kSecondDecay * second[i] + (1 - kSecondDecay) * gradient[i] * gradient[i];
    value[i] -= rate * first[i] / std::sqrt(second[i] * second_correction + kEpsilon);
    gradient[i] = 0;
  }
}

void Parameter::Step(float rate, int step) {
  const float first_correction = 1 / (1 - std::pow(kFirstDecay, static_cast<float>(step)));
  const float second_correction = 1 / (1 - std::pow(kSecondDecay, static_cast<float>(step)));
  if (!sparse_) {
    for (int row = 0; row < rows_; ++row) StepRow(row, rate * first_correction, second_correction);
  }
  for (const int row : touched_) {
    StepRow(row, rate * first_correction, second_correction);
    is_touched_[row] = 0;
  }
  touched_.clear();
  const float decay = std::min(kMeanDecay, static_cast<float>(step) / static_cast<float>(step + 10));
  for (size_t i = 0; i < value_.size(); ++i) mean_[i] += (1 - decay) * (value_[i] - mean_[i]);
}

}  // namespace demarche::train
