#include "pipeline/syntax/kernels.h"

namespace demarche::syntax {

std::vector<int8_t> PackWeights(const std::vector<int8_t>& weights, int depth, int columns) {
  const int padded = PadColumns(columns);
  std::vector<int8_t> packed(static_cast<size_t>(padded) * depth);
  for (int d = 0; d < depth; ++d) {
    for (int c = 0; c < columns; ++c) {
      const size_t block = static_cast<size_t>(c / kColumnBlock) * depth * kColumnBlock;
      const size_t group = static_cast<size_t>(d / kDepthGroup) * kColumnBlock * kDepthGroup;
      packed[block + group + c % kColumnBlock * kDepthGroup + d % kDepthGroup] = weights[static_cast<size_t>(d) * columns + c];
    }
  }
  return packed;
}

const std::vector<Kernels>& SupportedKernels() {
  static const auto* const kernels = [] {
    auto* list = new std::vector<Kernels>{kSse2Kernels};
    if (__builtin_cpu_supports("avx2")) list->push_back(kAvx2Kernels);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni")) {
      list->push_back(kVnniKernels);
    }
    return list;
  }();
  return *kernels;
}

}  // namespace demarche::syntax
