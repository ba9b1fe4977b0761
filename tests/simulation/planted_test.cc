// The simulation must catch every bug of the table in plant.py.
#include <string>

#include "gtest/gtest.h"
#include "tests/simulation/explore.h"
#include "tests/simulation/planted_bugs.h"

namespace demarche::simulation {
namespace {

constexpr uint64_t kSeeds = 10'000;

class Planted : public ::testing::TestWithParam<int> {
 protected:
  ~Planted() override { planted_bug = 0; }
};

TEST_P(Planted, IsCaught) {
  planted_bug = GetParam();
  const auto finding = Explore(0, kSeeds);
  ASSERT_TRUE(finding.has_value()) << kPlantedBugs[GetParam() - 1];
  const Finding shrunk = Shrink(*finding);
  RecordProperty("seed", std::to_string(finding->seed));
  RecordProperty("events", std::to_string(shrunk.script.size()));
  RecordProperty("what", shrunk.what);
  planted_bug = 0;
  EXPECT_EQ(Play(shrunk.script), "") << "without the bug the same script must pass";
  planted_bug = GetParam();
  EXPECT_EQ(Play(shrunk.script), shrunk.what) << "the same script must fail alike";
}

INSTANTIATE_TEST_SUITE_P(Bugs, Planted, ::testing::Range(1, kPlantedBugCount + 1),
                         [](const auto& bug) { return std::string(kPlantedBugs[bug.param - 1]); });

}  // namespace
}  // namespace demarche::simulation
