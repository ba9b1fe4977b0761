#ifndef DEMARCHE_TESTS_BENCH_STREAM_REPORT_H_
#define DEMARCHE_TESTS_BENCH_STREAM_REPORT_H_

#include <string>
#include <vector>

namespace demarche::bench {

// A figure of ours beside one of the reference.
struct Row {
  std::string measure;
  double ours = 0;
  std::string reference_name{};
  double reference = 0;
  std::string wanted{};  // of the ratio
  double bound = 0;      // the least ratio that is wanted; the most, when negative; 0 for none
};

// Collects rows, showing each as it comes.
class Report {
 public:
  void Add(Row row);
  void Write(const std::string& path) const;

 private:
  std::vector<Row> rows_;
};

}  // namespace demarche::bench

#endif  // DEMARCHE_TESTS_BENCH_STREAM_REPORT_H_
