#ifndef DEMARCHE_CLIENT_BENCH_REPORT_H_
#define DEMARCHE_CLIENT_BENCH_REPORT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/bench/load.h"

namespace demarche::bench {

// One load, or the loads of a sweep in the order they ran.
struct Report {
  LoadOptions options = {};
  std::vector<LoadResult> results = {};
  double knee = 0;  // of a sweep: the highest rate that was kept up; 0 without one

  // The load that the report is about: the last, or in a sweep the one at the knee.
  const LoadResult& main() const;
  // Of that load: of delivery where events were delivered, else of the answer.
  const Histogram& latency() const;
};

const char* ModeName(Mode mode);
// `1.234 ms`.
std::string Milliseconds(int64_t us);

std::string ToText(const Report& report);
// One object; field names as in client/bench/README.md.
std::string ToJson(const Report& report);
// One line a load, after a line of names.
std::string ToCsv(const Report& report);
// A page that needs no other file: latency over time, percentiles, and of a sweep throughput against offered load.
std::string ToHtml(const Report& report);

// An objective such as `p99<50ms`: mean, max, or p with a percentile.
struct Objective {
  std::string text = {};
  std::string metric = {};
  int64_t limit_us = 0;
};
absl::StatusOr<Objective> ParseObjective(const std::string& text);
int64_t Measure(const Histogram& histogram, const std::string& metric);
bool Meets(const Report& report, const Objective& objective);

// How the report differs from one that was written as JSON: a line a figure; `worse` when one is by more than the tolerance (0.1
// for a tenth).
struct Comparison {
  std::string text = {};
  bool worse = false;
};
absl::StatusOr<Comparison> Compare(const Report& report, const std::string& baseline_json, double tolerance);

// The highest rate that is kept up: doubles from the rate of the options until one is not, then halves the distance until it is a
// twentieth. A rate is kept up when nothing failed or was lost, at least 95% was answered in time, and the objectives are met.
Report FindKnee(const ChannelMaker& make_channel, const Articles& articles, const LoadOptions& options,
                const std::vector<Objective>& objectives, const std::atomic<bool>& stop);

}  // namespace demarche::bench

#endif  // DEMARCHE_CLIENT_BENCH_REPORT_H_
