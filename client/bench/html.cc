#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/bench/report.h"

namespace demarche::bench {
namespace {

constexpr double kWidth = 760, kHeight = 260, kLeft = 70, kBottom = 36, kTop = 12;
constexpr const char* kColors[] = {"#1f6feb", "#d1242f", "#8250df"};

constexpr char kHead[] = R"(<!doctype html>
<html lang="en"><meta charset="utf-8"><title>demarche bench</title>
<style>body{font:15px/1.4 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}pre{background:#f6f8fa;padding:1em;overflow:auto}
svg text{font-size:12px;fill:#57606a}svg .axis{stroke:#d0d7de}h2{margin-top:2em}</style>
<h1>demarche bench</h1>
)";

struct Line {
  std::string name;
  std::vector<std::pair<double, double>> points;
};

struct Plot {
  std::string title;
  std::string x_name, y_name;
  std::vector<Line> lines;
  std::vector<std::pair<double, std::string>> x_marks;
};

std::string Draw(const Plot& plot) {
  double most_x = 0;
  double most_y = 0;
  for (const Line& line : plot.lines) {
    for (const auto& [x, y] : line.points) {
      most_x = std::max(most_x, x);
      most_y = std::max(most_y, y);
    }
  }
  most_x = most_x > 0 ? most_x : 1;
  most_y = most_y > 0 ? most_y : 1;
  const auto at_x = [&](double x) { return kLeft + x / most_x * (kWidth - kLeft - 10); };
  const auto at_y = [&](double y) { return kHeight - kBottom - y / most_y * (kHeight - kBottom - kTop); };
  std::string svg = absl::StrFormat("<h2>%s</h2>\n<svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"%s\">\n", plot.title, kWidth,
                                    kHeight, plot.title);
  for (int i = 0; i <= 4; ++i) {
    const double y = most_y * i / 4;
    absl::StrAppendFormat(
        &svg, "<line class=\"axis\" x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"4\" y=\"%.1f\">%.4g</text>\n", kLeft,
        kWidth, at_y(y), at_y(y), at_y(y) + 4, y);
  }
  for (const auto& [x, name] : plot.x_marks) {
    absl::StrAppendFormat(&svg, "<text x=\"%.1f\" y=\"%g\" text-anchor=\"middle\">%s</text>\n", at_x(x), kHeight - 18, name);
  }
  absl::StrAppendFormat(&svg, "<text x=\"%g\" y=\"%g\" text-anchor=\"end\">%s (upwards: %s)</text>\n", kWidth - 4, kHeight - 3,
                        plot.x_name, plot.y_name);
  double legend = kLeft + 10;
  size_t color = 0;
  for (const Line& line : plot.lines) {
    std::string points;
    for (const auto& [x, y] : line.points) absl::StrAppendFormat(&points, "%.1f,%.1f ", at_x(x), at_y(y));
    const char* paint = kColors[color++ % std::size(kColors)];
    absl::StrAppendFormat(&svg, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>\n", paint, points);
    absl::StrAppendFormat(&svg, "<text x=\"%g\" y=\"24\" style=\"fill:%s\">%s</text>\n", legend, paint, line.name);
    legend += 90;
  }
  return svg + "</svg>\n";
}

double Ms(int64_t us) { return static_cast<double>(us) / 1000; }

Plot OverTime(const LoadResult& result) {
  Plot plot{.title = "Latency over time",
            .x_name = "second of the run",
            .y_name = "ms",
            .lines = {{"p50", {}}, {"p99", {}}, {"max", {}}},
            .x_marks = {}};
  for (const Second& second : result.seconds) {
    const auto x = static_cast<double>(second.second);
    plot.lines[0].points.emplace_back(x, Ms(second.p50_us));
    plot.lines[1].points.emplace_back(x, Ms(second.p99_us));
    plot.lines[2].points.emplace_back(x, Ms(second.max_us));
  }
  if (!result.seconds.empty()) {
    const int64_t last = result.seconds.back().second;
    for (int64_t mark = 0; mark <= last; mark += std::max<int64_t>(1, last / 8)) {
      plot.x_marks.emplace_back(static_cast<double>(mark), absl::StrCat(mark));
    }
  }
  return plot;
}

// Each nine further the same width.
Plot ByPercentile(const Histogram& histogram) {
  Plot plot{.title = "Latency by percentile",
            .x_name = "percentile",
            .y_name = "ms",
            .lines = {{"latency", {}}},
            .x_marks = {{0, "0"}, {1, "90"}, {2, "99"}, {3, "99.9"}, {4, "99.99"}}};
  for (const Histogram::Point& point : histogram.Percentiles()) {
    if (point.percentile < 100) plot.lines[0].points.emplace_back(-std::log10(1 - point.percentile / 100), Ms(point.us));
  }
  if (!plot.lines[0].points.empty()) {
    const double last = plot.lines[0].points.back().first;
    std::erase_if(plot.x_marks, [last](const auto& mark) { return mark.first > last; });
  }
  return plot;
}

Plot AgainstOffered(const Report& report) {
  Plot plot{.title = "Throughput against offered load",
            .x_name = "offered, a second",
            .y_name = "achieved, a second",
            .lines = {{"achieved", {}}, {"offered", {}}},
            .x_marks = {}};
  for (const LoadResult& result : report.results) {
    plot.lines[0].points.emplace_back(result.offered_rate, result.achieved_rate);
    plot.lines[1].points.emplace_back(result.offered_rate, result.offered_rate);
    plot.x_marks.emplace_back(result.offered_rate, absl::StrFormat("%.0f", result.offered_rate));
  }
  for (Line& line : plot.lines) std::sort(line.points.begin(), line.points.end());
  return plot;
}

std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '<') {
      escaped += "&lt;";
    } else if (c == '&') {
      escaped += "&amp;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string ToHtml(const Report& report) {
  std::string page = absl::StrCat(kHead, "<pre>", Escaped(ToText(report)), "</pre>\n", Draw(OverTime(report.main())),
                                  Draw(ByPercentile(report.latency())));
  if (report.results.size() > 1) page += Draw(AgainstOffered(report));
  return page + "</html>\n";
}

}  // namespace demarche::bench
