// Measures the stream against bare gRPC and NATS: the same machine, one run, taking turns, medians. Writes stream.json into the
// working directory's build/bench and a table to its output. `--repeats N` (5), `--only PART`.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/bench/stream_child.h"
#include "tests/bench/stream_measures.h"
#include "tests/bench/stream_payload.h"
#include "tests/bench/stream_roles.h"

namespace demarche::bench {
namespace {

constexpr int kWatchesOfConnection = 100;

// Memory of a watch at rest, and whether each of them gets what is published then.
void MeasureMemory(Report& report) {
  constexpr int kEvents = 64;
  struct Case {
    int watches;
    int channels;
    double most_mib;
  };
  for (const auto& [watches, channels, most_mib] :
       {Case{1000, 1000, 100}, Case{1000, 1000 / kWatchesOfConnection, 100}, Case{10'000, 10'000 / kWatchesOfConnection, 400}}) {
    Child server = Child::Role({"ours", "small"});
    const std::string address = server.Hear();
    server.Tell("prepare " + Text(kEvents));
    server.Hear();
    const double before = static_cast<double>(server.resident_bytes());
    Child client = Child::Role({"watch", address, Text(watches), Text(kEvents), "-", Text(channels)});
    client.Hear();
    const double grown = static_cast<double>(server.resident_bytes()) - before;
    const std::string name = Text(watches) + " idle watches on " + Text(channels) + " connections";
    report.Add({name + ": KiB each", grown / 1024 / watches, "limit", 40, "<= 1.0", -1.0});
    server.Tell("go");
    client.Hear();  // each has all of them
    report.Add({name + ", then " + Text(kEvents) + " events to each: MiB of the server",
                static_cast<double>(server.resident_bytes()) / 1024 / 1024, "limit", most_mib, "<= 1.0", -1.0});
  }
}

// What a publisher sees: the time of an append and a publish, while as many events are delivered either way.
Figures PublishTime(bool is_filtered, int events, int rate) {
  Child server = Child::Role({"ours", "small"});
  const std::string address = server.Hear();
  const int subscribers = is_filtered ? 1000 : 1000 / kParties;
  const int wanted = is_filtered ? events / kParties : events;
  Child client = Child::Role(
      {"watch", address, Text(subscribers), Text(wanted), is_filtered ? "distinct" : "-", Text(std::min(subscribers, 100))});
  client.Hear();
  server.Tell("pace " + Text(events) + " " + Text(rate) + " 4");
  std::istringstream words(server.Hear());
  Figures times;
  words >> times.first >> times.second;
  client.Hear();
  return times;
}

void MeasureFilters(Report& report, int repeats) {
  for (const int rate : {1000, 10'000}) {
    const auto [filtered, unfiltered] = ByTurns(
        repeats, [=] { return PublishTime(true, 3 * rate, rate); }, [=] { return PublishTime(false, 3 * rate, rate); });
    const std::string name = "1,000 distinct filters of 1%, " + Text(rate) + " events/s: append and publish, ";
    report.Add({name + "median ns", filtered.second, "unfiltered", unfiltered.second, "<= 1.2", -1.2});
    report.Add({name + "mean ns", filtered.first, "unfiltered", unfiltered.first});
  }
}

int Measure(const std::vector<std::string>& arguments) {
  int repeats = 5;
  std::string only;
  for (size_t i = 0; i + 1 < arguments.size(); i += 2) {
    if (arguments[i] == "--repeats") repeats = std::stoi(arguments[i + 1]);
    if (arguments[i] == "--only") only = arguments[i + 1];
  }
  const auto wants = [&](const std::string& part) { return only.empty() || only == part; };
  Report report;
  if (wants("routing")) MeasureRouting(report);
  if (wants("memory")) MeasureMemory(report);
  if (wants("articles")) MeasureArticles(report, repeats);
  if (wants("observation")) MeasureObservation(report, repeats);
  if (wants("catch-up")) MeasureCatchUp(report, repeats);
  if (wants("subscriptions")) MeasureSubscriptions(report, repeats);
  if (wants("latency")) MeasureLatency(report, repeats);
  if (wants("slow")) MeasureSlowReaders(report, repeats);
  if (wants("filters")) MeasureFilters(report, repeats);
  if (wants("tls")) MeasureTls(report, repeats);
  if (wants("nats")) MeasureAgainstNats(report, repeats);
  if (wants("fan-out")) MeasureFanOut(report, repeats);
  report.Write("build/bench/stream.json");
  return 0;
}

}  // namespace
}  // namespace demarche::bench

int main(int argc, char** argv) {
  using namespace demarche::bench;
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::map<std::string, void (*)(const Arguments&)> roles = {
      {"ours", ServeOurs},       {"bare", ServeBare},       {"watch", WatchRaw},           {"time", WatchTimes},
      {"misbehave", WatchBadly}, {"nats-watch", WatchNats}, {"nats-time", TimeNats},       {"nats-publish", PublishNats},
      {"take", TakeAll},         {"echo", AnswerAtOnce},    {"articles", PublishArticles}, {"subscribe", SubscribeIdly}};
  const auto role = arguments.empty() ? roles.end() : roles.find(arguments[0]);
  if (role == roles.end()) return Measure(arguments);
  arguments.erase(arguments.begin());
  role->second(arguments);
  return 0;
}
