#include <immintrin.h>

#include <cstring>

#include "pipeline/syntax/kernels.h"

#define DEMARCHE_VNNI __attribute__((target("avx512f,avx512vnni")))

namespace demarche::syntax {
namespace {

constexpr int kRows = 6;

DEMARCHE_VNNI inline __m512i Broadcast(const uint8_t* a) {
  int32_t group;
  std::memcpy(&group, a, sizeof group);
  return _mm512_set1_epi32(group);
}

// `Rows` rows by `Blocks` blocks of columns, in registers over the whole depth.
template <int Rows, int Blocks>
DEMARCHE_VNNI void Tile(const uint8_t* a, int a_stride, int depth, const int8_t* packed, int32_t* out, int out_stride) {
  const int block_bytes = depth * kColumnBlock;
  __m512i sums[Rows][Blocks];
  for (int r = 0; r < Rows; ++r) {
    for (int b = 0; b < Blocks; ++b) sums[r][b] = _mm512_setzero_si512();
  }
  for (int d = 0; d < depth; d += kDepthGroup, packed += kColumnBlock * kDepthGroup) {
    __m512i right[Blocks];
    for (int b = 0; b < Blocks; ++b) right[b] = _mm512_loadu_si512(packed + b * block_bytes);
    for (int r = 0; r < Rows; ++r) {
      const __m512i left = Broadcast(a + r * a_stride + d);
      for (int b = 0; b < Blocks; ++b) sums[r][b] = _mm512_dpbusd_epi32(sums[r][b], left, right[b]);
    }
  }
  for (int r = 0; r < Rows; ++r) {
    for (int b = 0; b < Blocks; ++b) _mm512_storeu_si512(out + static_cast<size_t>(r) * out_stride + b * kColumnBlock, sums[r][b]);
  }
}

template <int Blocks>
DEMARCHE_VNNI void Columns(const uint8_t* a, int rows, int a_stride, int depth, const int8_t* packed, int columns, int32_t* out) {
  int row = 0;
  for (; row + kRows <= rows; row += kRows) {
    Tile<kRows, Blocks>(a + row * a_stride, a_stride, depth, packed, out + static_cast<size_t>(row) * columns, columns);
  }
  for (; row < rows; ++row) {
    Tile<1, Blocks>(a + row * a_stride, a_stride, depth, packed, out + static_cast<size_t>(row) * columns, columns);
  }
}

DEMARCHE_VNNI void Multiply(const uint8_t* a, int rows, int a_stride, int depth, const int8_t* packed, int columns, int32_t* out) {
  constexpr int kPair = 2 * kColumnBlock;
  int c = 0;
  for (; c + kPair <= columns; c += kPair) Columns<2>(a, rows, a_stride, depth, packed + c * depth, columns, out + c);
  if (c < columns) Columns<1>(a, rows, a_stride, depth, packed + c * depth, columns, out + c);
}

void SumRows(const int16_t* const* rows, int count, int columns, const uint16_t* multipliers, uint8_t* out) {
  kAvx2Kernels.sum_rows(rows, count, columns, multipliers, out);
}

}  // namespace

const Kernels kVnniKernels = {"avx512vnni", Multiply, SumRows};

}  // namespace demarche::syntax
