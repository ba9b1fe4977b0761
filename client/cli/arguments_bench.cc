#include "client/cli/arguments_bench.h"

#include "client/bench/report.h"

namespace demarche::cli {
namespace {

std::string CheckSpan(const std::string& text) {
  absl::Duration span;
  const bool good = absl::ParseDuration(text, &span) && span >= absl::ZeroDuration() && span <= absl::Hours(24);
  return good ? "" : "'" + text + "' is not a span of up to 24h such as 30s";
}

std::string CheckObjective(const std::string& text) { return std::string(bench::ParseObjective(text).status().message()); }

void AddLoad(CLI::App* command, BenchArguments& arguments) {
  bench::LoadOptions& load = arguments.load;
  const auto span = [command](const char* name, absl::Duration& target, const char* help) {
    command
        ->add_option_function<std::string>(
            name, [&target](const std::string& text) { absl::ParseDuration(text, &target); }, help)
        ->check(CheckSpan)
        ->type_name("SPAN");
  };
  span("-z,--duration", load.duration, "How long each load is measured (10s)");
  span("--warmup", load.warm_up, "Before that, the rate rises from 0; not counted (2s)");
  command->add_option("-o,--output", arguments.output, "How to print")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->capture_default_str();
  command->add_option("--html", arguments.html_file, "Write a report with plots to this file")->type_name("FILE");
  command->add_option("--hgrm", arguments.hgrm_file, "Write the percentiles for HdrHistogram's plotter to this file")
      ->type_name("FILE");
  command->add_option("--slo", arguments.objectives, "Exit with 1 unless met: p99<50ms, max<1s, mean<5ms; may be repeated")
      ->check(CheckObjective)
      ->type_name("OBJECTIVE")
      ->expected(1)
      ->take_all();
  command->add_option("--compare", arguments.baseline_file, "Exit with 1 when worse than this report in JSON")->type_name("FILE");
  command->add_option("--tolerance", arguments.tolerance, "By what share a figure may be worse")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 10.0));
}

void AddRequests(CLI::App* command, BenchArguments& arguments) {
  bench::LoadOptions& load = arguments.load;
  command->add_option("-r,--rate,--rps", load.rate, "Articles a second in all")->capture_default_str()->check(CLI::Range(1.0, 1e6));
  command->add_option("-c,--concurrency,--publishers", load.publishers, "Senders, with a connection each")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_option("--seed", arguments.seed, "Of the generated articles")->capture_default_str();
  command->add_option("--corpus", arguments.corpus, "Articles of your own instead: a file of NewsItem, one line of JSON each")
      ->type_name("FILE");
  command->add_flag("--sweep", arguments.sweep, "Find the knee: the highest rate, from --rate on, that is kept up");
  command->add_flag("--closed-loop", load.closed_loop,
                    "Send the next when the last is answered, as fast as that goes: hides stalls");
}

void AddSubscribers(CLI::App* command, BenchArguments& arguments) {
  bench::LoadOptions& load = arguments.load;
  command->add_option("--subscribers", load.subscribers, "Subscribers that read as fast as they can")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  command->add_option("--slow", load.slow, "Further ones that wait at each event")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000));
  command->add_option("--reconnecting", load.reconnecting, "Further ones that break off every second")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000));
}

}  // namespace

void AddBench(CLI::App& app, BenchArguments& arguments, const std::function<void()>& done, const char* footer) {
  CLI::App* group = app.add_subcommand("bench", "Put a server under load, at fixed times whatever it answers, and report");
  group->require_subcommand(1)->footer(footer);
  const auto add = [&](const char* name, bench::Mode mode, const char* help) {
    CLI::App* command = group->add_subcommand(name, help)->footer(footer);
    if (mode != bench::Mode::kWatch) AddRequests(command, arguments);
    if (mode == bench::Mode::kWatch || mode == bench::Mode::kMixed) AddSubscribers(command, arguments);
    AddLoad(command, arguments);
    command->callback([&arguments, mode, done] {
      arguments.load.mode = mode;
      done();
    });
  };
  add("publish", bench::Mode::kPublish, "Publish articles; latency until each is on disk");
  add("watch", bench::Mode::kWatch, "Watch what others publish; latency since it was stored, by both clocks");
  add("mixed", bench::Mode::kMixed, "Publish and watch; latency until the event has come; checks loss, repeats and order");
  add("classify", bench::Mode::kClassify, "Classify articles, which are not stored; latency of the answer");
}

}  // namespace demarche::cli
