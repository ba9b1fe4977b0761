#include <emmintrin.h>

#include <algorithm>
#include <cstring>

#include "pipeline/syntax/kernels.h"

namespace demarche::syntax {
namespace {

constexpr int kQuads = kColumnBlock / 4;  // four columns a register

// One row by one block. Products of 16-bit numbers are summed in pairs; the pairs are joined at the end.
void Block(const uint8_t* a, int depth, const int8_t* packed, int32_t* out) {
  const __m128i zero = _mm_setzero_si128();
  __m128i low[kQuads], high[kQuads];
  for (int q = 0; q < kQuads; ++q) low[q] = high[q] = zero;
  for (int d = 0; d < depth; d += kDepthGroup, packed += kColumnBlock * kDepthGroup) {
    int32_t group;
    std::memcpy(&group, a + d, sizeof group);
    const __m128i left = _mm_unpacklo_epi8(_mm_set1_epi32(group), zero);
    for (int q = 0; q < kQuads; ++q) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(packed) + q);
      const __m128i sign = _mm_cmpgt_epi8(zero, bytes);
      low[q] = _mm_add_epi32(low[q], _mm_madd_epi16(left, _mm_unpacklo_epi8(bytes, sign)));
      high[q] = _mm_add_epi32(high[q], _mm_madd_epi16(left, _mm_unpackhi_epi8(bytes, sign)));
    }
  }
  for (int q = 0; q < kQuads; ++q) {
    const __m128 even = _mm_shuffle_ps(_mm_castsi128_ps(low[q]), _mm_castsi128_ps(high[q]), _MM_SHUFFLE(2, 0, 2, 0));
    const __m128 odd = _mm_shuffle_ps(_mm_castsi128_ps(low[q]), _mm_castsi128_ps(high[q]), _MM_SHUFFLE(3, 1, 3, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out) + q, _mm_add_epi32(_mm_castps_si128(even), _mm_castps_si128(odd)));
  }
}

void Multiply(const uint8_t* a, int rows, int a_stride, int depth, const int8_t* packed, int columns, int32_t* out) {
  for (int c = 0; c < columns; c += kColumnBlock, packed += depth * kColumnBlock) {
    for (int row = 0; row < rows; ++row) Block(a + row * a_stride, depth, packed, out + static_cast<size_t>(row) * columns + c);
  }
}

void SumRows(const int16_t* const* rows, int count, int columns, const uint16_t* multipliers, uint8_t* out) {
  constexpr int kLane = 8;
  const __m128i zero = _mm_setzero_si128(), top = _mm_set1_epi16(kMaxActivation);
  for (int c = 0; c < columns; c += kLane) {
    __m128i sum = zero;
    for (int r = 0; r < count; ++r) {
      sum = _mm_adds_epi16(sum, _mm_loadu_si128(reinterpret_cast<const __m128i*>(rows[r] + c)));
    }
    const __m128i scale = _mm_loadu_si128(reinterpret_cast<const __m128i*>(multipliers + c));
    // A product of 32767 and 65535 over 65536 still fits the signed comparison.
    const __m128i value = _mm_min_epi16(_mm_mulhi_epu16(_mm_max_epi16(sum, zero), scale), top);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out + c), _mm_packus_epi16(value, value));
  }
}

}  // namespace

const Kernels kSse2Kernels = {"sse2", Multiply, SumRows};

}  // namespace demarche::syntax
