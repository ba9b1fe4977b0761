#ifndef DEMARCHE_PIPELINE_SYNTAX_KERNELS_H_
#define DEMARCHE_PIPELINE_SYNTAX_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace demarche::syntax {

// Columns come in blocks of so many, depth in groups of so many: what the packed weights are cut into.
inline constexpr int kColumnBlock = 16;
inline constexpr int kDepthGroup = 4;
inline constexpr int kMaxActivation = 127;  // seven bits, so that sums of two products fit 16 bits

constexpr int PadColumns(int columns) { return (columns + kColumnBlock - 1) / kColumnBlock * kColumnBlock; }

// Weights `depth x columns`, row-major, in the order the kernels read: [column block][depth group][column][depth in group].
std::vector<int8_t> PackWeights(const std::vector<int8_t>& weights, int depth, int columns);

// The two inner loops of inference. Sums are of integers: every variant gives the same numbers.
struct Kernels {
  std::string_view name;
  // out[row][column] = sum over depth of a[row * a_stride + d] * weights[d][column]; activations are 0 to kMaxActivation.
  void (*multiply)(const uint8_t* a, int rows, int a_stride, int depth, const int8_t* packed, int columns, int32_t* out);
  // out[c] = clamp(saturating sum of the rows' c * multipliers[c] / 65536, 0, kMaxActivation); columns is a multiple of 16.
  void (*sum_rows)(const int16_t* const* rows, int count, int columns, const uint16_t* multipliers, uint8_t* out);
};

// The variants that this CPU can run, the slowest (SSE2) first.
const std::vector<Kernels>& SupportedKernels();

// Defined one a file, so that only dispatched code uses the wider registers.
extern const Kernels kSse2Kernels, kAvx2Kernels, kVnniKernels;

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_KERNELS_H_
