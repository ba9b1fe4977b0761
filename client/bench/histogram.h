#ifndef DEMARCHE_CLIENT_BENCH_HISTOGRAM_H_
#define DEMARCHE_CLIENT_BENCH_HISTOGRAM_H_

#include <cstdint>
#include <string>
#include <vector>

namespace demarche::bench {

// Counts of microseconds in the buckets of HdrHistogram with three significant digits: within each power of two 1,024 buckets of
// equal width. Values above an hour count as an hour. One thread.
class Histogram {
 public:
  static constexpr int64_t kMaxUs = 3'600'000'000;

  Histogram();

  void Record(int64_t us);
  void Add(const Histogram& other);

  uint64_t count() const { return count_; }
  // The highest value that is not to be told from the one at the percentile, 0 to 100; 0 when empty.
  int64_t At(double percentile) const;
  int64_t Min() const;
  int64_t Max() const { return At(100); }
  double Mean() const;
  double StandardDeviation() const;

  struct Point {
    double percentile = 0;
    int64_t us = 0;
    uint64_t count = 0;  // of values up to it
  };
  // What HdrHistogram's percentile iterator gives: `ticks` points for each halving of the distance to 100%.
  std::vector<Point> Percentiles(int ticks = 5) const;
  // The .hgrm text, in milliseconds: as HdrHistogram's outputPercentileDistribution with a scale of 1,000.
  std::string ToHgrm() const;

 private:
  std::vector<uint64_t> counts_;
  uint64_t count_ = 0;
};

}  // namespace demarche::bench

#endif  // DEMARCHE_CLIENT_BENCH_HISTOGRAM_H_
