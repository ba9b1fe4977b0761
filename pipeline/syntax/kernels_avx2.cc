#include <immintrin.h>

#include <cstring>

#include "pipeline/syntax/kernels.h"

#define DEMARCHE_AVX2 __attribute__((target("avx2")))

namespace demarche::syntax {
namespace {

constexpr int kRows = 4;

DEMARCHE_AVX2 inline __m256i Broadcast(const uint8_t* a) {
  int32_t group;
  std::memcpy(&group, a, sizeof group);
  return _mm256_set1_epi32(group);
}

// `Rows` rows by one block of columns, in registers over the whole depth.
template <int Rows>
DEMARCHE_AVX2 void Tile(const uint8_t* a, int a_stride, int depth, const int8_t* packed, int32_t* out, int out_stride) {
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sums[Rows][2];
  for (int r = 0; r < Rows; ++r) sums[r][0] = sums[r][1] = _mm256_setzero_si256();
  for (int d = 0; d < depth; d += kDepthGroup, packed += kColumnBlock * kDepthGroup) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(packed));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(packed) + 1);
    for (int r = 0; r < Rows; ++r) {
      const __m256i left = Broadcast(a + r * a_stride + d);
      sums[r][0] = _mm256_add_epi32(sums[r][0], _mm256_madd_epi16(_mm256_maddubs_epi16(left, low), ones));
      sums[r][1] = _mm256_add_epi32(sums[r][1], _mm256_madd_epi16(_mm256_maddubs_epi16(left, high), ones));
    }
  }
  for (int r = 0; r < Rows; ++r) {
    __m256i* to = reinterpret_cast<__m256i*>(out + static_cast<size_t>(r) * out_stride);
    _mm256_storeu_si256(to, sums[r][0]);
    _mm256_storeu_si256(to + 1, sums[r][1]);
  }
}

DEMARCHE_AVX2 void Multiply(const uint8_t* a, int rows, int a_stride, int depth, const int8_t* packed, int columns, int32_t* out) {
  for (int c = 0; c < columns; c += kColumnBlock, packed += depth * kColumnBlock) {
    int row = 0;
    for (; row + kRows <= rows; row += kRows) {
      Tile<kRows>(a + row * a_stride, a_stride, depth, packed, out + static_cast<size_t>(row) * columns + c, columns);
    }
    for (; row < rows; ++row) {
      Tile<1>(a + row * a_stride, a_stride, depth, packed, out + static_cast<size_t>(row) * columns + c, columns);
    }
  }
}

DEMARCHE_AVX2 void SumRows(const int16_t* const* rows, int count, int columns, const uint16_t* multipliers, uint8_t* out) {
  constexpr int kLane = 16;
  const __m256i zero = _mm256_setzero_si256(), top = _mm256_set1_epi16(kMaxActivation);
  for (int c = 0; c < columns; c += kLane) {
    __m256i sum = zero;
    for (int r = 0; r < count; ++r) {
      sum = _mm256_adds_epi16(sum, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows[r] + c)));
    }
    const __m256i scale = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(multipliers + c));
    const __m256i value = _mm256_min_epi16(_mm256_mulhi_epu16(_mm256_max_epi16(sum, zero), scale), top);
    const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(value, value), 0x08);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + c), _mm256_castsi256_si128(bytes));
  }
}

}  // namespace

const Kernels kAvx2Kernels = {"avx2", Multiply, SumRows};

}  // namespace demarche::syntax
