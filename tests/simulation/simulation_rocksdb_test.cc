// The same worlds over the embedded log, on a file system whose power is cut.
#include <memory>

#include "gtest/gtest.h"
#include "tests/simulation/rocksdb_disk.h"
#include "tests/simulation/world.h"

namespace demarche::simulation {
namespace {

// Seeds in chunks, which run side by side; the first few in `./dev test`, too.
constexpr uint64_t kSeeds = 200;
constexpr uint64_t kSeedsOfAChunk = 25;
constexpr uint64_t kFewSeeds = 5;

std::unique_ptr<Storage> MakeRocksDbDisk(const log::Clock& clock) { return std::make_unique<RocksDbDisk>(clock); }

void PlaySeeds(uint64_t first, uint64_t count) {
  for (uint64_t seed = first; seed < first + count; ++seed) {
    EXPECT_EQ(World(MakeRocksDbDisk).Play(ScriptOf(seed)), "") << "seed " << seed;
  }
}

class RocksDbSimulation : public ::testing::TestWithParam<uint64_t> {};

TEST_P(RocksDbSimulation, KeepsEveryPromise) { PlaySeeds(GetParam() * kSeedsOfAChunk, kSeedsOfAChunk); }

INSTANTIATE_TEST_SUITE_P(Chunks, RocksDbSimulation, ::testing::Range(uint64_t{0}, kSeeds / kSeedsOfAChunk));

TEST(RocksDbSimulationSample, KeepsEveryPromise) { PlaySeeds(kSeeds, kFewSeeds); }

}  // namespace
}  // namespace demarche::simulation
