#include "client/bench/report.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace demarche::bench {
namespace {

constexpr const char* kMetrics[] = {"p50", "p90", "p99", "p99.9", "p99.99", "max", "mean"};

google::protobuf::Value Number(double number) {
  google::protobuf::Value value;
  value.set_number_value(number);
  return value;
}

google::protobuf::Value LatencyJson(const Histogram& histogram) {
  google::protobuf::Value value;
  auto& fields = *value.mutable_struct_value()->mutable_fields();
  fields["count"] = Number(static_cast<double>(histogram.count()));
  for (const char* metric : kMetrics) fields[absl::StrCat(metric, "_us")] = Number(static_cast<double>(Measure(histogram, metric)));
  return value;
}

google::protobuf::Value LoadJson(const LoadResult& result) {
  google::protobuf::Value value;
  auto& fields = *value.mutable_struct_value()->mutable_fields();
  fields["offered_rate"] = Number(result.offered_rate);
  fields["achieved_rate"] = Number(result.achieved_rate);
  for (const auto& [name, count] : {std::pair{"sent", result.sent},
                                    {"failed", result.failed},
                                    {"events", result.events},
                                    {"delivered", result.delivered},
                                    {"lost", result.lost},
                                    {"repeated", result.repeated},
                                    {"out_of_order", result.out_of_order}}) {
    fields[name] = Number(static_cast<double>(count));
  }
  fields["answer"] = LatencyJson(result.answer);
  fields["delivery"] = LatencyJson(result.delivery);
  return value;
}

std::string Latencies(const char* what, const Histogram& histogram) {
  std::string line = absl::StrFormat("%-9s", what);
  for (const char* metric : kMetrics) absl::StrAppend(&line, "  ", metric, " ", Milliseconds(Measure(histogram, metric)));
  return line + "\n";
}

}  // namespace

const LoadResult& Report::main() const {
  const auto at_knee = [this](const LoadResult& result) { return knee > 0 && result.offered_rate == knee; };
  const auto found = std::find_if(results.begin(), results.end(), at_knee);
  return found == results.end() ? results.back() : *found;
}

const Histogram& Report::latency() const { return main().delivery.count() > 0 ? main().delivery : main().answer; }

const char* ModeName(Mode mode) {
  switch (mode) {
    case Mode::kPublish:
      return "publish";
    case Mode::kWatch:
      return "watch";
    case Mode::kMixed:
      return "mixed";
    default:
      return "classify";
  }
}

std::string Milliseconds(int64_t us) { return absl::StrFormat("%.3f ms", static_cast<double>(us) / 1000); }

int64_t Measure(const Histogram& histogram, const std::string& metric) {
  if (metric == "mean") return static_cast<int64_t>(histogram.Mean());
  if (metric == "max") return histogram.Max();
  return histogram.At(std::strtod(metric.c_str() + 1, nullptr));
}

std::string ToText(const Report& report) {
  std::string text;
  for (const LoadResult& result : report.results) {
    absl::StrAppendFormat(&text, "%s  offered %.1f/s  achieved %.1f/s  sent %d  failed %d\n", ModeName(report.options.mode),
                          result.offered_rate, result.achieved_rate, result.sent, result.failed);
    if (!result.first_failure.empty()) absl::StrAppend(&text, "failure    ", result.first_failure, "\n");
    if (result.answer.count() > 0) text += Latencies("answer", result.answer);
    if (result.delivery.count() > 0) text += Latencies("delivery", result.delivery);
    if (result.events > 0) {
      absl::StrAppendFormat(&text, "verified   %d events, delivered %d times: %d lost, %d repeated, %d out of order\n",
                            result.events, result.delivered, result.lost, result.repeated, result.out_of_order);
    }
  }
  if (report.knee > 0) absl::StrAppendFormat(&text, "knee       %.1f/s\n", report.knee);
  return text;
}

std::string ToJson(const Report& report) {
  google::protobuf::Struct root;
  auto& fields = *root.mutable_fields();
  fields["mode"].set_string_value(ModeName(report.options.mode));
  fields["knee_rate"] = Number(report.knee);
  fields["main"] = LoadJson(report.main());
  fields["latency"] = LatencyJson(report.latency());
  for (const LoadResult& result : report.results) *fields["loads"].mutable_list_value()->add_values() = LoadJson(result);
  std::string json;
  google::protobuf::util::JsonPrintOptions pretty;
  pretty.add_whitespace = true;
  // A Struct of numbers, strings and lists always has a JSON form.
  static_cast<void>(google::protobuf::util::MessageToJsonString(root, &json, pretty));
  return json;
}

std::string ToCsv(const Report& report) {
  std::string csv = "mode,offered_rate,achieved_rate,sent,failed,events,lost,repeated,out_of_order";
  for (const char* what : {"answer", "delivery"}) {
    for (const char* metric : kMetrics) absl::StrAppend(&csv, ",", what, "_", metric, "_us");
  }
  csv += '\n';
  for (const LoadResult& result : report.results) {
    absl::StrAppendFormat(&csv, "%s,%.3f,%.3f,%d,%d,%d,%d,%d,%d", ModeName(report.options.mode), result.offered_rate,
                          result.achieved_rate, result.sent, result.failed, result.events, result.lost, result.repeated,
                          result.out_of_order);
    for (const Histogram* histogram : {&result.answer, &result.delivery}) {
      for (const char* metric : kMetrics) absl::StrAppend(&csv, ",", Measure(*histogram, metric));
    }
    csv += '\n';
  }
  return csv;
}

absl::StatusOr<Comparison> Compare(const Report& report, const std::string& baseline_json, double tolerance) {
  google::protobuf::Struct baseline;
  const auto status = google::protobuf::util::JsonStringToMessage(baseline_json, &baseline);
  if (!status.ok() || baseline.fields().count("latency") == 0 || baseline.fields().count("main") == 0) {
    return absl::InvalidArgumentError("the baseline is not a report that `demarche bench -o json` wrote");
  }
  Comparison comparison;
  // `direction` is 1 where more is worse.
  const auto add = [&](const std::string& what, double before, double now, double direction) {
    const double change = before == 0 ? 0 : (now - before) / before;
    const bool worse = change * direction > tolerance;
    comparison.worse |= worse;
    absl::StrAppendFormat(&comparison.text, "%-14s %12.1f -> %12.1f  %+6.1f%%%s\n", what, before, now, 100 * change,
                          worse ? "  worse" : "");
  };
  const auto& latency = baseline.fields().at("latency").struct_value().fields();
  for (const char* metric : {"p50", "p99", "p99.9"}) {
    const std::string name = absl::StrCat(metric, "_us");
    if (latency.count(name) > 0) {
      add(name, latency.at(name).number_value(), static_cast<double>(Measure(report.latency(), metric)), 1);
    }
  }
  const auto& before = baseline.fields().at("main").struct_value().fields();
  if (before.count("achieved_rate") > 0)
    add("achieved_rate", before.at("achieved_rate").number_value(), report.main().achieved_rate, -1);
  return comparison;
}

}  // namespace demarche::bench
