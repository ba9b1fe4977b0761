#include <cstdlib>

#include "gtest/gtest.h"
#include "tests/simulation/explore.h"

namespace demarche::simulation {
namespace {

// Chunks of seeds, which run side by side: 0 to 3 in `./dev test`, 4 to 39 with `--long`.
constexpr uint64_t kSeedsOfAChunk = 2'500;
constexpr uint64_t kChunks = 4;
constexpr uint64_t kLongChunks = 40;

class Simulation : public ::testing::TestWithParam<uint64_t> {};

TEST_P(Simulation, KeepsEveryPromise) { EXPECT_EQ(Report(GetParam() * kSeedsOfAChunk, kSeedsOfAChunk), ""); }

INSTANTIATE_TEST_SUITE_P(Chunks, Simulation, ::testing::Range(uint64_t{0}, kChunks));
INSTANTIATE_TEST_SUITE_P(LongChunks, Simulation, ::testing::Range(kChunks, kLongChunks));

TEST(Replay, ASeedAlwaysGoesAlike) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    World first;
    World second;
    first.Play(ScriptOf(seed));
    second.Play(ScriptOf(seed));
    EXPECT_FALSE(first.trace().empty());
    EXPECT_EQ(first.trace(), second.trace()) << "seed " << seed;
  }
}

// DEMARCHE_SEED=N plays one seed.
TEST(Replay, OneSeed) {
  const char* seed = std::getenv("DEMARCHE_SEED");
  if (seed == nullptr) GTEST_SKIP() << "set DEMARCHE_SEED";
  EXPECT_EQ(Report(std::strtoull(seed, nullptr, 10), 1), "");
}

}  // namespace
}  // namespace demarche::simulation
