#ifndef DEMARCHE_TESTS_BENCH_STREAM_CHILD_H_
#define DEMARCHE_TESTS_BENCH_STREAM_CHILD_H_

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace demarche::bench {

// A process that takes commands and answers with lines, so that the CPU time of each end is its own. Ended with the object.
class Child {
 public:
  // This program in one of its roles: `arguments` are the role and what it wants.
  static Child Role(std::vector<std::string> arguments);
  explicit Child(std::vector<std::string> command);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  void Tell(const std::string& line);
  // The next line of its output. Ends this program when there is none.
  std::string Hear();

  double cpu_seconds() const;
  uint64_t resident_bytes() const;

 private:
  bool is_role_ = false;
  pid_t pid_ = -1;
  FILE* in_ = nullptr;
  FILE* out_ = nullptr;
};

// In a role: the next command, in words; empty at the end.
std::vector<std::string> NextCommand();
void Answer(const std::string& line);

// Seconds since some moment, the same for all processes.
double Now();
int64_t NowNs();

// Median and 99th percentile in us, without the first tenth of each list.
std::string Percentiles(const std::vector<std::vector<int64_t>>& times_ns);

}  // namespace demarche::bench

#endif  // DEMARCHE_TESTS_BENCH_STREAM_CHILD_H_
