#include "pipeline/stories/weights.h"

#include <array>
#include <bit>
#include <cmath>

namespace demarche::stories {
namespace {

constexpr uint32_t kSteps = 16;  // of a doubling
constexpr int kFractionBits = 6;

// The binary logarithm in steps; of what follows the first bit, six more count.
uint32_t Log(uint32_t value) {
  static const auto& steps = *[] {
    auto* table = new std::array<uint32_t, 1 << kFractionBits>;
    for (size_t i = 0; i < table->size(); ++i) {
      (*table)[i] =
          static_cast<uint32_t>(std::lround(kSteps * std::log2(1 + static_cast<double>(i) / static_cast<double>(table->size()))));
    }
    return table;
  }();
  const uint32_t whole = std::bit_width(value) - 1U;
  const auto fraction = static_cast<size_t>(uint64_t{value} << kFractionBits >> whole) & (steps.size() - 1);
  return whole * kSteps + steps[fraction];
}

}  // namespace

void Weights::Add(std::span<const uint16_t> words) {
  for (const uint16_t word : words) ++counts_[word];
  ++events_;
}

void Weights::Remove(std::span<const uint16_t> words) {
  for (const uint16_t word : words) --counts_[word];
  --events_;
}

uint32_t Weights::WeightOf(uint32_t count) const { return Log(events_ + count + 2) - Log(count + 1); }

}  // namespace demarche::stories
