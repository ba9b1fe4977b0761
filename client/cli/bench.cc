#include "client/cli/bench.h"

#include <atomic>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/bench/report.h"
#include "client/cpp/file.h"

namespace demarche::cli {
namespace {

bool Write(Context& context, const std::string& path, const std::string& text) {
  if (path.empty()) return true;
  std::ofstream file(path);
  file << text;
  file.close();
  if (file) return true;
  Say(context, absl::StrCat("cannot write ", path));
  return false;
}

bench::Report Measure(Context& context, const BenchArguments& arguments, const bench::Articles& articles,
                      const std::vector<bench::Objective>& objectives) {
  std::atomic<bool> stop = false;
  OnStop on_stop(context.stop, [&stop] { stop = true; });
  const bench::ChannelMaker make_channel = [&context] { return OpenChannel(context, /*shared=*/false); };
  bench::LoadOptions load = arguments.load;
  load.run = absl::StrCat(absl::ToUnixMillis(absl::Now()));
  if (arguments.sweep) return bench::FindKnee(make_channel, articles, load, objectives, stop);
  return {.options = load, .results = {bench::RunLoad(make_channel, articles, load, stop)}};
}

std::string Format(const bench::Report& report, const std::string& output) {
  if (output == "json") return bench::ToJson(report);
  return output == "csv" ? bench::ToCsv(report) : bench::ToText(report);
}

}  // namespace

ExitCode Bench(Context& context, const BenchArguments& arguments) {
  if (!ConnectOrReport(context)) return kExitUnreachable;
  std::vector<bench::Objective> objectives;
  for (const std::string& text : arguments.objectives) {
    const auto objective = bench::ParseObjective(text);
    if (objective.ok()) objectives.push_back(*objective);
  }
  const auto articles = arguments.corpus.empty() ? bench::Articles(arguments.seed) : bench::Articles::Read(arguments.corpus);
  const auto baseline = arguments.baseline_file.empty() ? std::string() : client::ReadFile(arguments.baseline_file);
  for (const absl::Status& status : {articles.status(), baseline.status()}) {
    if (status.ok()) continue;
    Say(context, std::string(status.message()));
    return kExitSomeBad;
  }
  const bench::Report report = Measure(context, arguments, *articles, objectives);
  context.out << Format(report, arguments.output) << std::flush;
  bool good = report.main().verified() && Write(context, arguments.html_file, bench::ToHtml(report)) &&
              Write(context, arguments.hgrm_file, report.latency().ToHgrm());
  for (const bench::Objective& objective : objectives) {
    if (bench::Meets(report, objective)) continue;
    Say(context,
        absl::StrCat("missed ", objective.text, ": ", bench::Milliseconds(bench::Measure(report.latency(), objective.metric))));
    good = false;
  }
  if (!baseline->empty()) {
    const auto comparison = bench::Compare(report, *baseline, arguments.tolerance);
    Say(context, comparison.ok() ? absl::StrCat("against ", arguments.baseline_file, ":\n", comparison->text)
                                 : absl::StrCat(arguments.baseline_file, ": ", std::string(comparison.status().message())));
    good = good && comparison.ok() && !comparison->worse;
  }
  return good ? kExitOk : kExitSomeBad;
}

}  // namespace demarche::cli
