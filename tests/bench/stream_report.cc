#include "tests/bench/stream_report.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

namespace demarche::bench {
namespace {

double RatioOf(const Row& row) { return row.reference == 0 ? 0 : row.ours / row.reference; }

const char* Verdict(const Row& row) {
  if (row.bound == 0) return "";
  const double ratio = RatioOf(row);
  return (row.bound > 0 ? ratio >= row.bound : ratio <= -row.bound) ? "met" : "missed";
}

}  // namespace

void Report::Add(Row row) {
  if (rows_.empty()) std::printf("%-82s %12s  %-12s %12s %7s  %s\n", "measure", "ours", "reference", "", "ratio", "wanted");
  std::printf("%-82s %12.4g  %-12s %12.4g %7.2f  %s %s\n", row.measure.c_str(), row.ours, row.reference_name.c_str(), row.reference,
              RatioOf(row), row.wanted.c_str(), Verdict(row));
  std::fflush(stdout);
  rows_.push_back(std::move(row));
}

void Report::Write(const std::string& path) const {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream file(path);
  file << "[\n";
  for (size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    file << "  {\"measure\": \"" << row.measure << "\", \"ours\": " << row.ours << ", \"referenceName\": \"" << row.reference_name
         << "\", \"reference\": " << row.reference << ", \"ratio\": " << RatioOf(row) << ", \"wanted\": \"" << row.wanted
         << "\", \"verdict\": \"" << Verdict(row) << "\"}" << (i + 1 < rows_.size() ? "," : "") << "\n";
  }
  file << "]\n";
}

}  // namespace demarche::bench
