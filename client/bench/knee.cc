#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/bench/report.h"

namespace demarche::bench {
namespace {

// Of 'offered', what must have been answered in time.
constexpr double kKeptUp = 0.95;
// The knee is told to a twentieth.
constexpr double kKneeRatio = 1.05;
constexpr int kMaxLoads = 24;

bool IsMetric(const std::string& metric) {
  if (metric == "mean" || metric == "max") return true;
  double percentile = 0;
  return metric.size() > 1 && metric[0] == 'p' && absl::SimpleAtod(metric.substr(1), &percentile) && percentile > 0 &&
         percentile < 100;
}

}  // namespace

absl::StatusOr<Objective> ParseObjective(const std::string& text) {
  const size_t sign = text.find('<');
  absl::Duration limit;
  const std::string metric = text.substr(0, sign);
  if (sign == std::string::npos || !IsMetric(metric) || !absl::ParseDuration(text.substr(sign + 1), &limit)) {
    return absl::InvalidArgumentError(absl::StrCat("'", text, "' is not an objective such as p99<50ms, max<1s or mean<5ms"));
  }
  return Objective{.text = text, .metric = metric, .limit_us = absl::ToInt64Microseconds(limit)};
}

bool Meets(const Report& report, const Objective& objective) {
  return report.latency().count() > 0 && Measure(report.latency(), objective.metric) < objective.limit_us;
}

Report FindKnee(const ChannelMaker& make_channel, const Articles& articles, const LoadOptions& options,
                const std::vector<Objective>& objectives, const std::atomic<bool>& stop) {
  Report report{.options = options};
  const auto kept_up = [&](double rate) {
    LoadOptions load = options;
    load.rate = rate;
    load.run = absl::StrCat(options.run, "-", report.results.size());
    Report one{.options = load, .results = {RunLoad(make_channel, articles, load, stop)}};
    bool met = one.main().verified() && one.main().achieved_rate >= kKeptUp * rate;
    for (const Objective& objective : objectives) met = met && Meets(one, objective);
    report.results.push_back(std::move(one.results.front()));
    return met && !stop;
  };
  double good = 0;
  double bad = 0;
  double rate = options.rate;
  while (!stop && report.results.size() < kMaxLoads && (bad == 0 || good == 0 || bad / good > kKneeRatio)) {
    if (kept_up(rate)) {
      good = rate;
    } else {
      bad = rate;
    }
    if (bad == 0) {
      rate = good * 2;
    } else if (good == 0) {
      rate = bad / 2;
    } else {
      rate = (good + bad) / 2;
    }
    if (rate < 1) break;
  }
  report.knee = good;
  return report;
}

}  // namespace demarche::bench
