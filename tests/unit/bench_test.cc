#include <algorithm>
#include <random>

#include "client/bench/articles.h"
#include "client/bench/histogram.h"
#include "client/bench/report.h"
#include "client/bench/schedule.h"
#include "client/bench/subscribers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace demarche::bench {
namespace {

using ::testing::HasSubstr;

TEST(Schedule, RisesEvenlyThenKeepsTheRate) {
  const Schedule schedule(100, absl::Seconds(2), absl::Seconds(10));
  EXPECT_EQ(schedule.warm_up_count(), 100u);
  EXPECT_EQ(schedule.count(), 1100u);
  EXPECT_EQ(schedule.At(0), absl::ZeroDuration());
  EXPECT_EQ(schedule.At(25), absl::Seconds(1));  // a quarter of the warm-up's requests in its first half
  EXPECT_EQ(schedule.At(100), absl::Seconds(2));
  EXPECT_EQ(schedule.At(300), absl::Seconds(4));
}

TEST(Histogram, TellsValuesToThreeDigits) {
  Histogram histogram;
  std::mt19937_64 random(7);
  std::vector<int64_t> values;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<int64_t>(random() % (uint64_t{1} << (random() % 31))));
    histogram.Record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double percentile : {1.0, 50.0, 90.0, 99.0, 99.9}) {
    const auto exact = static_cast<double>(values[static_cast<size_t>(percentile / 100 * 20'000 + 0.5) - 1]);
    EXPECT_GE(static_cast<double>(histogram.At(percentile)), exact);
    EXPECT_LE(static_cast<double>(histogram.At(percentile)), exact * 1.001 + 1);
  }
  EXPECT_EQ(histogram.count(), 20'000u);
}

TEST(Articles, AreTheSameForTheSameSeed) {
  EXPECT_EQ(Articles(1).Make(5).body(), Articles(1).Make(5).body());
  EXPECT_NE(Articles(1).Make(5).body(), Articles(2).Make(5).body());
  EXPECT_NE(Articles(1).Make(5).body(), Articles(1).Make(6).body());
  EXPECT_THAT(std::string(Articles::Read("/nonexistent").status().message()), HasSubstr("/nonexistent"));
}

TEST(Verify, CountsWhatIsLostRepeatedAndOutOfOrder) {
  LoadResult result;
  Verify({"a", "b", "c", "d"}, {"a", "c", "b", "c", "later"}, &result);
  EXPECT_EQ(result.delivered, 4u);
  EXPECT_EQ(result.lost, 1u);
  EXPECT_EQ(result.repeated, 1u);
  EXPECT_EQ(result.out_of_order, 1u);
  EXPECT_FALSE(result.verified());
}

// 1,000 answers, of which the last ten took 100 ms.
Report Sample(int64_t us = 1000) {
  LoadResult result;
  result.offered_rate = result.achieved_rate = 100;
  result.sent = 1000;
  for (int i = 0; i < 990; ++i) result.answer.Record(us);
  for (int i = 0; i < 10; ++i) result.answer.Record(100'000);
  result.seconds = {{.second = 0, .count = 1000, .p50_us = us, .p99_us = us, .max_us = 100'000}};
  Report report;
  report.results.push_back(std::move(result));
  return report;
}

TEST(Objective, IsReadAndJudged) {
  EXPECT_TRUE(Meets(Sample(), *ParseObjective("p99<50ms")));
  EXPECT_FALSE(Meets(Sample(), *ParseObjective("p99.9<50ms")));
  EXPECT_FALSE(Meets(Sample(), *ParseObjective("max<100ms")));
  EXPECT_TRUE(Meets(Sample(), *ParseObjective("mean<3ms")));
  for (const char* bad : {"p99", "p99<fast", "p100<1s", "q<1s", "<1s"}) EXPECT_FALSE(ParseObjective(bad).ok()) << bad;
}

TEST(Compare, SaysWhatIsWorseThanTheBaseline) {
  const std::string baseline = ToJson(Sample());
  EXPECT_FALSE(Compare(Sample(), baseline, 0.1)->worse);
  const auto slower = Compare(Sample(2000), baseline, 0.1);
  EXPECT_TRUE(slower->worse);
  EXPECT_THAT(slower->text, HasSubstr("+100"));
  EXPECT_FALSE(Compare(Sample(500), baseline, 0.1)->worse);
  EXPECT_FALSE(Compare(Sample(), "{}", 0.1).ok());
}

TEST(Report, HasAllFormats) {
  const Report report = Sample();
  EXPECT_THAT(ToText(report), HasSubstr("p99.9 100."));
  EXPECT_THAT(ToJson(report), HasSubstr("\"offered_rate\": 100"));
  const std::string csv = ToCsv(report);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), ','),
            2 * std::count(csv.begin(), csv.begin() + static_cast<ptrdiff_t>(csv.find('\n')), ','));
  EXPECT_THAT(ToHtml(report), HasSubstr("Latency over time"));
  EXPECT_THAT(ToHtml(report), ::testing::Not(HasSubstr("src=")));
}

}  // namespace
}  // namespace demarche::bench
