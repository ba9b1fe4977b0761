#include "pipeline/syntax/kernels.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace demarche::syntax {
namespace {

int Draw(std::mt19937& random, int low, int high) {
  return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
}

TEST(Kernels, EveryVariantMultipliesAsTheDefinitionSays) {
  std::mt19937 random(1);
  for (const int rows : {1, 3, 6, 13}) {
    for (const int columns : {16, 48, 80}) {
      const int depth = 96;
      std::vector<uint8_t> a(static_cast<size_t>(rows) * depth);
      std::vector<int8_t> weights(static_cast<size_t>(depth) * columns);
      for (auto& value : a)
        value = static_cast<uint8_t>(Draw(random, 0, 3) == 0 ? kMaxActivation : Draw(random, 0, kMaxActivation));
      for (auto& value : weights) value = static_cast<int8_t>(Draw(random, 0, 3) == 0 ? 127 : Draw(random, -127, 127));
      std::vector<int32_t> expected(static_cast<size_t>(rows) * columns);
      for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < columns; ++c) {
          for (int d = 0; d < depth; ++d) expected[r * columns + c] += a[r * depth + d] * weights[d * columns + c];
        }
      }
      const std::vector<int8_t> packed = PackWeights(weights, depth, columns);
      for (const Kernels& kernels : SupportedKernels()) {
        std::vector<int32_t> out(expected.size(), -1);
        kernels.multiply(a.data(), rows, depth, depth, packed.data(), columns, out.data());
        EXPECT_EQ(out, expected) << kernels.name << " " << rows << " x " << columns;
      }
    }
  }
}

TEST(Kernels, PacksColumnsThatDoNotFillABlockWithZeros) {
  const std::vector<int8_t> packed = PackWeights(std::vector<int8_t>(8 * 3, 5), 8, 3);
  const std::vector<uint8_t> a(8, 1);
  std::vector<int32_t> out(kColumnBlock, -1), expected(kColumnBlock, 0);
  std::fill_n(expected.begin(), 3, 40);
  SupportedKernels().front().multiply(a.data(), 1, 8, 8, packed.data(), kColumnBlock, out.data());
  EXPECT_EQ(out, expected);
}

TEST(Kernels, EveryVariantSumsRowsWithSaturation) {
  std::mt19937 random(2);
  const int columns = 48, count = 19;
  std::vector<std::vector<int16_t>> rows(count, std::vector<int16_t>(columns));
  std::vector<uint16_t> multipliers(columns);
  for (int c = 0; c < columns; ++c) {
    multipliers[c] = static_cast<uint16_t>(Draw(random, 0, 65535));
    for (auto& row : rows) row[c] = static_cast<int16_t>(c % 3 == 0 ? Draw(random, -32768, 32767) : Draw(random, -60, 90));
  }
  std::vector<const int16_t*> pointers;
  for (const auto& row : rows) pointers.push_back(row.data());
  std::vector<uint8_t> expected;
  for (int c = 0; c < columns; ++c) {
    int sum = 0;
    for (const auto& row : rows) sum = std::clamp(sum + row[c], -32768, 32767);
    expected.push_back(static_cast<uint8_t>(std::min(int64_t{std::max(sum, 0)} * multipliers[c] / 65536, int64_t{kMaxActivation})));
  }
  for (const Kernels& kernels : SupportedKernels()) {
    std::vector<uint8_t> out(columns);
    kernels.sum_rows(pointers.data(), count, columns, multipliers.data(), out.data());
    EXPECT_EQ(out, expected) << kernels.name;
  }
}

}  // namespace
}  // namespace demarche::syntax
