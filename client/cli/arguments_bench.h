#ifndef DEMARCHE_CLIENT_CLI_ARGUMENTS_BENCH_H_
#define DEMARCHE_CLIENT_CLI_ARGUMENTS_BENCH_H_

#include <functional>

#include "CLI/CLI.hpp"
#include "client/cli/bench.h"

namespace demarche::cli {

// Adds `bench` and its commands, which fill `arguments` and then call `done`. Both outlive the parsing.
void AddBench(CLI::App& app, BenchArguments& arguments, const std::function<void()>& done, const char* footer);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_ARGUMENTS_BENCH_H_
