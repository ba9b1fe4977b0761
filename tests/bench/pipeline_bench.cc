// What coding an item costs, through the stages that do not remember. Items a second and words a second of a thread's CPU time;
// `ns/STAGE` is nanoseconds a token of each stage. The texts are drawn from our corpus, always the same way:
//   Mixed   items of 600 words, a third of them diplomatic, the others sport, business, culture, weather
//   Dense   items of 600 words in which nearly every sentence tells of an event
//   Length  mixed text in items of so many words; the cost of a word should stay the same
//   Hostile texts that nobody writes, of half a megabyte and of one: milliseconds a megabyte, of normalize and segment and of all
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "pipeline/run/runner.h"
#include "pipeline/run/stage_list.h"
#include "tests/bench/texts.h"

namespace demarche::run {
namespace {

constexpr size_t kItems = 60;
constexpr size_t kWords = 600;
constexpr size_t kOfWhichDiplomatic = 3;  // one item in so many
constexpr double kTokensOfWord = 1.15;    // stops and clitics are tokens of their own

const Runner& SharedRunner() {
  static const auto runner = [] {
    const auto resources = Resources::Load();
    return std::make_unique<Runner>(*MakePlan(*resources));
  }();
  return *runner;
}

void Code(benchmark::State& state, const std::vector<v1::NewsItem>& items, size_t words) {
  const Runner& runner = SharedRunner();
  const std::vector<StageCount> before = runner.counts();
  size_t coded = 0, events = 0;
  for (auto _ : state) {
    const auto result = runner.Run(items[coded++ % items.size()], false);
    if (!result.ok()) {
      state.SkipWithError(result.status().ToString().c_str());
      return;
    }
    events += result->events.size();
  }
  state.SetItemsProcessed(static_cast<int64_t>(coded));
  state.counters["words/s"] = benchmark::Counter(static_cast<double>(coded * words), benchmark::Counter::kIsRate);
  state.counters["events/item"] = benchmark::Counter(static_cast<double>(events) / coded, benchmark::Counter::kAvgThreads);
  if (state.threads() > 1) return;
  const std::vector<StageCount> after = runner.counts();
  for (size_t s = 0; s < after.size(); ++s) {
    const double nanoseconds = static_cast<double>(after[s].nanoseconds - before[s].nanoseconds);
    state.counters["ns/" + after[s].stage] = nanoseconds / (coded * words * kTokensOfWord);
  }
}

void Mixed(benchmark::State& state) {
  static const auto items = bench::MakeTexts(kWords, kItems, kOfWhichDiplomatic);
  Code(state, items, kWords);
}
BENCHMARK(Mixed)->Unit(benchmark::kMicrosecond)->UseRealTime()->Threads(1)->Threads(2);

void Dense(benchmark::State& state) {
  static const auto items = bench::MakeTexts(kWords, kItems, 1);
  Code(state, items, kWords);
}
BENCHMARK(Dense)->Unit(benchmark::kMicrosecond)->UseRealTime();

void Length(benchmark::State& state) {
  const size_t words = static_cast<size_t>(state.range(0));
  Code(state, bench::MakeTexts(words, kOfWhichDiplomatic, kOfWhichDiplomatic), words);
}
BENCHMARK(Length)->Arg(100)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMicrosecond)->UseRealTime();

struct Hostile {
  const char* name;
  const char* unit;
};
constexpr Hostile kHostile[] = {
    {"one token", "x"},
    {"no stop", "the envoy met "},
    {"opening quotes", "\u201C"},
    {"quotes in quotes", "\"he said "},
    {"brackets", "("},
    {"right to left", "\u05D4\u05E9\u05E8 \u05D0\u05DE\u05E8 \u0642\u0627\u0644. "},
    {"zero width", "a\u200B\u200D"},
    {"tags", "<div><p a='"},
    {"entities", "&#x&amp"},
    {"sentences with an act", "France expelled two Russian diplomats on Monday. "},
};

void HostileText(benchmark::State& state) {
  const Runner& runner = SharedRunner();
  const Hostile& hostile = kHostile[state.range(0)];
  const auto bytes = static_cast<size_t>(state.range(1)) << 10;
  v1::NewsItem item;
  item.set_language_code("en");
  while (item.body().size() < bytes) item.mutable_body()->append(hostile.unit);
  const std::vector<StageCount> before = runner.counts();
  double runs = 0;
  for (auto _ : state) {
    if (!runner.Run(item, false).ok()) state.SkipWithError("it is not coded");
    ++runs;
  }
  const std::vector<StageCount> after = runner.counts();
  double all = 0, first = 0;
  for (size_t s = 0; s < after.size(); ++s) {
    const double milliseconds = static_cast<double>(after[s].nanoseconds - before[s].nanoseconds) * 1e-6;
    all += milliseconds;
    if (after[s].stage == "normalize" || after[s].stage == "segment") first += milliseconds;
  }
  const double megabytes = runs * static_cast<double>(bytes) / (1 << 20);
  state.counters["normalize+segment ms/MB"] = first / megabytes;
  state.counters["all ms/MB"] = all / megabytes;
  state.SetLabel(hostile.name);
}
BENCHMARK(HostileText)
    ->Name("Hostile")
    ->ArgNames({"text", "KiB"})
    ->ArgsProduct({benchmark::CreateDenseRange(0, std::size(kHostile) - 1, 1), {512, 1024}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace demarche::run

BENCHMARK_MAIN();
