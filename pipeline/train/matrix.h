#ifndef DEMARCHE_PIPELINE_TRAIN_MATRIX_H_
#define DEMARCHE_PIPELINE_TRAIN_MATRIX_H_

#include <vector>

namespace demarche::train {

// Row-major matrix products of the trainer, in floats, on one thread. The number of columns of B and C is a multiple of 16.

inline constexpr int kLane = 16;
inline constexpr int PadToLane(int count) { return (count + kLane - 1) / kLane * kLane; }

// C[rows x columns] += A[rows x depth] B[depth x columns].
void MultiplyAdd(int rows, int columns, int depth, const float* a, int a_stride, const float* b, float* c, int c_stride);

// out[columns x rows (padded with zeros to `out_stride`)] = in[rows x columns].
void Transpose(int rows, int columns, const float* in, int in_stride, std::vector<float>& out, int out_stride);

// y[0..count) += x[0..count).
void Add(int count, const float* x, float* y);
// y[0..count) += factor * x[0..count).
void AddScaled(int count, float factor, const float* x, float* y);
float Dot(int count, const float* x, const float* y);

// Turns scores into probabilities in place.
void Softmax(int count, float* scores);

}  // namespace demarche::train

#endif  // DEMARCHE_PIPELINE_TRAIN_MATRIX_H_
