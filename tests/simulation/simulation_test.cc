#include <cstdlib>

#include "gtest/gtest.h"
#include "tests/simulation/explore.h"

namespace demarche::simulation {
namespace {

// Seeds of `./dev test`, in parts that run side by side; `--long` takes ten times as many.
constexpr uint64_t kSeeds = 10'000;
constexpr uint64_t kParts = 4;

class Simulation : public ::testing::TestWithParam<uint64_t> {};

TEST_P(Simulation, KeepsEveryPromise) {
  const uint64_t seeds = (std::getenv("DEMARCHE_LONG_TESTS") != nullptr ? 10 * kSeeds : kSeeds) / kParts;
  const auto finding = Explore(GetParam() * seeds, seeds);
  if (finding.has_value()) FAIL() << Describe(Shrink(*finding));
}

INSTANTIATE_TEST_SUITE_P(Parts, Simulation, ::testing::Range(uint64_t{0}, kParts));

// DEMARCHE_SEED=N plays one seed.
TEST(Replay, OneSeed) {
  const char* seed = std::getenv("DEMARCHE_SEED");
  if (seed == nullptr) GTEST_SKIP() << "set DEMARCHE_SEED";
  const auto finding = Explore(std::strtoull(seed, nullptr, 10), 1);
  if (finding.has_value()) FAIL() << Describe(Shrink(*finding));
}

}  // namespace
}  // namespace demarche::simulation
