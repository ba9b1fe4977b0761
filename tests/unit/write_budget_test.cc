#include "server/rpc/write_budget.h"

#include <memory>
#include <optional>

#include "gtest/gtest.h"

namespace demarche::rpc {
namespace {

using std::chrono::seconds;

constexpr uint64_t kMax = 100;

class FakeStream : public BufferedStream {
 public:
  FakeStream(WriteBudget& budget, uint64_t bytes) : budget_(budget), bytes_(bytes) { budget.Take(bytes); }
  uint64_t buffered_bytes() const override { return bytes_; }
  bool Cut(const std::string& why) override {
    budget_.Return(bytes_);
    bytes_ = 0;
    reason = why;
    return true;
  }
  std::string reason;

 private:
  WriteBudget& budget_;
  uint64_t bytes_;
};

TEST(WriteBudget, CutsTheLargestOfAllUntilTheRestFits) {
  WriteBudget budget(kMax);
  const auto small = std::make_shared<FakeStream>(budget, 40);
  const auto large = std::make_shared<FakeStream>(budget, 50);
  budget.AddStreams([&] { return small; });
  budget.AddStreams([] { return nullptr; });
  budget.AddStreams([&] { return large; });
  EXPECT_FALSE(budget.Take(10));
  budget.CutLargest();
  EXPECT_EQ(large->reason, "") << "at the bound nobody is cut";
  EXPECT_TRUE(budget.Take(1));
  budget.CutLargest();
  EXPECT_NE(large->reason, "");
  EXPECT_EQ(small->reason, "");
  EXPECT_EQ(budget.bytes(), 51u);
}

class WriteMeterTest : public ::testing::Test {
 protected:
  // A write of 10 bytes that takes so long while other streams hold so much; whether the client is told that it is slow, or no
  // longer.
  std::optional<bool> Write(seconds time, uint64_t held_by_others = 0) {
    budget.Take(held_by_others);
    meter.Begin(10, now);
    now += time;
    meter.End(now, /*has_content=*/true);
    budget.Return(held_by_others);
    const auto warning = meter.TakeWarning();
    if (!warning.has_value()) return std::nullopt;
    EXPECT_EQ(warning->buffered_bytes(), 10u);
    EXPECT_EQ(warning->limit_bytes(), kMax);
    return !warning->cleared();
  }

  WriteBudget budget{kMax};
  WriteMeter meter{budget, seconds(40)};
  TimePoint now;
};

TEST_F(WriteMeterTest, WarnsAtThreeQuartersOfTheTimeAndClearsAtHalf) {
  EXPECT_EQ(Write(seconds(29)), std::nullopt);
  EXPECT_EQ(Write(seconds(30)), true);
  EXPECT_EQ(Write(seconds(21)), std::nullopt);
  EXPECT_EQ(Write(seconds(20)), false);
  EXPECT_EQ(Write(seconds(20)), std::nullopt);
  EXPECT_EQ(budget.bytes(), 0u);
}

TEST_F(WriteMeterTest, WarnsWhoStallsWhenThreeQuartersOfTheBudgetAreHeld) {
  EXPECT_EQ(Write(seconds(0), 90), std::nullopt) << "it does not stall";
  EXPECT_EQ(Write(seconds(1), 64), std::nullopt);
  EXPECT_EQ(Write(seconds(1), 65), true);
  EXPECT_EQ(Write(seconds(1), 41), std::nullopt);
  EXPECT_EQ(Write(seconds(1), 40), false);
}

TEST_F(WriteMeterTest, KnowsWhenAWriteIsOverdue) {
  meter.Begin(10, now);
  EXPECT_FALSE(meter.IsOverdue(now + seconds(39)));
  EXPECT_TRUE(meter.IsOverdue(now + seconds(40)));
  meter.Abandon();
  EXPECT_EQ(budget.bytes(), 0u);
}

}  // namespace
}  // namespace demarche::rpc
