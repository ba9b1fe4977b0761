#include "client/bench/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace demarche::bench {
namespace {

// 2,048 buckets of 1 us, then 1,024 for each further power of two: three significant digits.
constexpr int kSubBits = 11;
constexpr int64_t kHalf = int64_t{1} << (kSubBits - 1);
constexpr double kUsPerMs = 1000;

size_t IndexOf(int64_t us) {
  const int shift = std::max(0, static_cast<int>(std::bit_width(static_cast<uint64_t>(us))) - kSubBits);
  return static_cast<size_t>(shift * kHalf + (us >> shift));
}

// The bucket's bounds.
struct Bucket {
  int64_t lowest;
  int64_t highest;
};
Bucket BucketAt(size_t index) {
  const auto signed_index = static_cast<int64_t>(index);
  const int64_t shift = std::max<int64_t>(0, signed_index / kHalf - 1);
  const int64_t lowest = (signed_index - shift * kHalf) << shift;
  return {lowest, lowest + (int64_t{1} << shift) - 1};
}
double Middle(const Bucket& bucket) {
  const int64_t middle = bucket.lowest + (bucket.highest - bucket.lowest + 1) / 2;
  return static_cast<double>(middle);
}

}  // namespace

Histogram::Histogram() : counts_(IndexOf(kMaxUs) + 1) {}

void Histogram::Record(int64_t us) {
  counts_[IndexOf(std::clamp<int64_t>(us, 0, kMaxUs))] += 1;
  count_ += 1;
}

void Histogram::Add(const Histogram& other) {
  for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
}

int64_t Histogram::At(double percentile) const {
  if (count_ == 0) return 0;
  const auto wanted = std::max<uint64_t>(1, static_cast<uint64_t>(std::llround(percentile / 100 * static_cast<double>(count_))));
  uint64_t seen = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= wanted) return BucketAt(i).highest;
  }
  return kMaxUs;
}

int64_t Histogram::Min() const {
  const auto first = std::find_if(counts_.begin(), counts_.end(), [](uint64_t count) { return count > 0; });
  return first == counts_.end() ? 0 : BucketAt(static_cast<size_t>(first - counts_.begin())).lowest;
}

double Histogram::Mean() const {
  double sum = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    const Bucket bucket = BucketAt(i);
    sum += static_cast<double>(counts_[i]) * Middle(bucket);
  }
  return count_ == 0 ? 0 : sum / static_cast<double>(count_);
}

double Histogram::StandardDeviation() const {
  const double mean = Mean();
  double sum = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    const Bucket bucket = BucketAt(i);
    const double off = Middle(bucket) - mean;
    sum += static_cast<double>(counts_[i]) * off * off;
  }
  return count_ == 0 ? 0 : std::sqrt(sum / static_cast<double>(count_));
}

std::vector<Histogram::Point> Histogram::Percentiles(int ticks) const {
  std::vector<Point> points;
  double level = 0;  // the percentile to be told next
  uint64_t seen = 0;
  for (size_t i = 0; i < counts_.size() && seen < count_; ++i) {
    if (counts_[i] == 0) continue;
    seen += counts_[i];
    const double reached = 100.0 * static_cast<double>(seen) / static_cast<double>(count_);
    while (level <= reached && level < 100) {
      points.push_back({level, BucketAt(i).highest, seen});
      const double halvings = std::floor(std::log2(100.0 / (100.0 - level))) + 1;
      level += 100.0 / (ticks * std::exp2(halvings));
      if (seen == count_) break;
    }
  }
  if (count_ > 0) points.push_back({100, Max(), count_});
  return points;
}

std::string Histogram::ToHgrm() const {
  std::string text = absl::StrFormat("%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
  for (const Point& point : Percentiles()) {
    const double value = static_cast<double>(point.us) / kUsPerMs;
    const double share = point.percentile / 100;
    absl::StrAppendFormat(&text, "%12.3f %2.12f %10d", value, share, point.count);
    absl::StrAppend(&text, share < 1 ? absl::StrFormat(" %14.2f\n", 1 / (1 - share)) : "\n");
  }
  absl::StrAppendFormat(&text, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", Mean() / kUsPerMs, StandardDeviation() / kUsPerMs);
  absl::StrAppendFormat(&text, "#[Max     = %12.3f, Total count    = %12d]\n", static_cast<double>(Max()) / kUsPerMs, count_);
  absl::StrAppendFormat(&text, "#[Buckets = %12d, SubBuckets     = %12d]\n", counts_.size() / kHalf - 1, 2 * kHalf);
  return text;
}

}  // namespace demarche::bench
