#ifndef DEMARCHE_CLIENT_CLI_BENCH_H_
#define DEMARCHE_CLIENT_CLI_BENCH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "client/bench/load.h"
#include "client/cli/context.h"

namespace demarche::cli {

struct BenchArguments {
  bench::LoadOptions load = {};
  bool sweep = false;
  uint64_t seed = 1;
  std::string corpus = {};  // a file of articles; generated ones when empty
  std::string output = "text";
  std::string html_file = {};
  std::string hgrm_file = {};
  std::vector<std::string> objectives = {};
  std::string baseline_file = {};
  double tolerance = 0.1;
};

// Puts a server under load and reports. kExitSomeBad when something failed or was lost, an objective was missed, or a figure is
// worse than the baseline's.
ExitCode Bench(Context& context, const BenchArguments& arguments);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_BENCH_H_
