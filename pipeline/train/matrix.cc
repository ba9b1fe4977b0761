#include "pipeline/train/matrix.h"

#include <algorithm>
#include <cmath>

namespace demarche::train {
namespace {

// Vectors are as wide as the registers are: the compiler would keep wider ones in memory.
#ifdef __AVX512F__
constexpr int kRegister = 16;   // floats
constexpr int kWidestTile = 4;  // registers of columns; six rows of them fit
#else
constexpr int kRegister = 8;
constexpr int kWidestTile = 2;
#endif
static_assert(kLane % kRegister == 0);

using Lane = float __attribute__((vector_size(kRegister * sizeof(float)), aligned(4), may_alias));

// `Rows` rows by `Lanes` lanes of C, kept in registers over the whole depth.
template <int Rows, int Lanes>
void Tile(int depth, const float* a, int a_stride, const float* b, int b_stride, float* c, int c_stride) {
  Lane sums[Rows][Lanes];
  for (int r = 0; r < Rows; ++r) {
    for (int l = 0; l < Lanes; ++l) sums[r][l] = *reinterpret_cast<const Lane*>(c + r * c_stride + l * kRegister);
  }
  for (int k = 0; k < depth; ++k) {
    Lane right[Lanes];
    for (int l = 0; l < Lanes; ++l) right[l] = *reinterpret_cast<const Lane*>(b + k * b_stride + l * kRegister);
    for (int r = 0; r < Rows; ++r) {
      const float left = a[r * a_stride + k];
      for (int l = 0; l < Lanes; ++l) sums[r][l] += left * right[l];
    }
  }
  for (int r = 0; r < Rows; ++r) {
    for (int l = 0; l < Lanes; ++l) *reinterpret_cast<Lane*>(c + r * c_stride + l * kRegister) = sums[r][l];
  }
}

template <int Lanes>
void Columns(int rows, int depth, const float* a, int a_stride, const float* b, int b_stride, float* c, int c_stride) {
  constexpr int kRows = 6;
  int row = 0;
  for (; row + kRows <= rows; row += kRows) {
    Tile<kRows, Lanes>(depth, a + row * a_stride, a_stride, b, b_stride, c + row * c_stride, c_stride);
  }
  for (; row < rows; ++row) Tile<1, Lanes>(depth, a + row * a_stride, a_stride, b, b_stride, c + row * c_stride, c_stride);
}

}  // namespace

void MultiplyAdd(int rows, int columns, int depth, const float* a, int a_stride, const float* b, float* c, int c_stride) {
  constexpr int kNarrowTile = kLane / kRegister;
  int column = 0;
  for (; column + kWidestTile * kRegister <= columns; column += kWidestTile * kRegister) {
    Columns<kWidestTile>(rows, depth, a, a_stride, b + column, columns, c + column, c_stride);
  }
  for (; column < columns; column += kLane) {
    Columns<kNarrowTile>(rows, depth, a, a_stride, b + column, columns, c + column, c_stride);
  }
}

void Transpose(int rows, int columns, const float* in, int in_stride, std::vector<float>& out, int out_stride) {
  out.assign(static_cast<size_t>(columns) * out_stride, 0);
  constexpr int kBlock = 16;
  for (int r0 = 0; r0 < rows; r0 += kBlock) {
    for (int c = 0; c < columns; ++c) {
      for (int r = r0; r < std::min(rows, r0 + kBlock); ++r) out[static_cast<size_t>(c) * out_stride + r] = in[r * in_stride + c];
    }
  }
}

void Add(int count, const float* x, float* y) {
  for (int i = 0; i < count; ++i) y[i] += x[i];
}

void AddScaled(int count, float factor, const float* x, float* y) {
  for (int i = 0; i < count; ++i) y[i] += factor * x[i];
}

float Dot(int count, const float* x, const float* y) {
  float sum = 0;
  for (int i = 0; i < count; ++i) sum += x[i] * y[i];
  return sum;
}

void Softmax(int count, float* scores) {
  const float top = *std::max_element(scores, scores + count);
  float sum = 0;
  for (int i = 0; i < count; ++i) sum += scores[i] = std::exp(scores[i] - top);
  for (int i = 0; i < count; ++i) scores[i] /= sum;
}

}  // namespace demarche::train
