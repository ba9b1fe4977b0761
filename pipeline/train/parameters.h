#ifndef DEMARCHE_PIPELINE_TRAIN_PARAMETERS_H_
#define DEMARCHE_PIPELINE_TRAIN_PARAMETERS_H_

#include <cstdint>
#include <vector>

#include "pipeline/train/random.h"

namespace demarche::train {

// A matrix that is learned, with its gradient and Adam's moments. With `sparse`, only rows that were touched are stepped.
// One thread.
class Parameter {
 public:
  // Uniform in +-range.
  Parameter(int rows, int columns, float range, bool sparse, Random& random);

  int rows() const { return rows_; }
  int columns() const { return columns_; }
  float* value(int row = 0) { return value_.data() + static_cast<size_t>(row) * columns_; }
  const float* value(int row = 0) const { return value_.data() + static_cast<size_t>(row) * columns_; }
  // The gradient of a dense parameter.
  float* gradient(int row = 0) { return gradient_.data() + static_cast<size_t>(row) * columns_; }
  // The gradient of a row of a sparse one.
  float* Touch(int row);

  // One step of Adam, the `step`th from 1; clears the gradient, and moves the mean of the values of late steps.
  void Step(float rate, int step);
  // The mean takes the place of the values, and back: better to measure and to keep than the values of any step.
  void SwapMean() { value_.swap(mean_); }

  const std::vector<float>& values() const { return value_; }
  void set_values(std::vector<float> values) { value_ = std::move(values); }

 private:
  void StepRow(int row, float rate, float second_correction);

  int rows_;
  int columns_;
  bool sparse_;
  std::vector<float> value_, mean_, gradient_, first_, second_;
  std::vector<int> touched_;
  std::vector<uint8_t> is_touched_;
};

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_PARAMETERS_H_
