#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/stream_measures.h"

namespace demarche::bench {
namespace {

// p50 and p99 in us.
std::pair<double, double> ParseTimes(const std::string& line) {
  std::istringstream words(line);
  std::string done;
  std::pair<double, double> times;
  words >> done >> times.first >> times.second;
  return times;
}

constexpr int kPacedEvents = 3000;
constexpr int kPacedRate = 1000;

std::pair<double, double> Latency(int subscribers) {
  Child server = Child::Role({"ours", "small"});
  Child client = Child::Role({"time", server.Hear(), Text(subscribers), Text(kPacedEvents)});
  client.Hear();
  server.Tell("pace " + Text(kPacedEvents) + " " + Text(kPacedRate) + " 1");
  return ParseTimes(client.Hear());
}

std::pair<double, double> NatsLatency(int subscribers) {
  NatsServer nats;
  Child client = Child::Role({"nats-time", nats.address(), Text(subscribers), Text(kPacedEvents), "386"});
  client.Hear();
  Child publisher = Child::Role({"nats-publish", nats.address(), "386"});
  publisher.Tell("pace " + Text(kPacedEvents) + " " + Text(kPacedRate));
  return ParseTimes(client.Hear());
}

// The p99 of 98 watches in us, alone or beside two that read badly, and what the server has grown by in MiB.
std::pair<double, double> LatencyOfOthers(bool is_alone) {
  constexpr int kOthers = 98;
  constexpr int kEvents = 10'000;
  Child server = Child::Role({"ours", "small"});
  const std::string address = server.Hear();
  std::vector<Child> bad;
  if (!is_alone) {
    bad.push_back(Child::Role({"misbehave", address}));
    bad.back().Hear();
  }
  Child client = Child::Role({"time", address, Text(kOthers), Text(kEvents)});
  client.Hear();
  const double before = static_cast<double>(server.resident_bytes());
  server.Tell("pace " + Text(kEvents) + " 2000 1");
  const double p99 = ParseTimes(client.Hear()).second;
  return {p99, (static_cast<double>(server.resident_bytes()) - before) / 1024 / 1024};
}

}  // namespace

void MeasureLatency(Report& report, int repeats) {
  for (const int subscribers : {1, 10}) {
    std::vector<double> ours[2];
    std::vector<double> nats[2];
    for (int i = 0; i < repeats; ++i) {
      const auto mine = Latency(subscribers);
      const auto other = NatsLatency(subscribers);
      ours[0].push_back(mine.first);
      ours[1].push_back(mine.second);
      nats[0].push_back(other.first);
      nats[1].push_back(other.second);
    }
    const std::string name = "publish to receive at 1,000/s, " + Text(subscribers) + " subscribers";
    report.Add({name + ": p50 us", Median(ours[0]), "NATS core", Median(nats[0]), "<= 2.5", -2.5});
    report.Add({name + ": p99 us", Median(ours[1]), "NATS core", Median(nats[1])});
  }
}

void MeasureSlowReaders(Report& report, int repeats) {
  std::vector<double> with[2];
  std::vector<double> without[2];
  for (int i = 0; i < repeats; ++i) {
    const auto beside = LatencyOfOthers(false);
    const auto alone = LatencyOfOthers(true);
    with[0].push_back(beside.first);
    with[1].push_back(beside.second);
    without[0].push_back(alone.first);
    without[1].push_back(alone.second);
  }
  report.Add({"98 watches beside one that stalls and one that reads 10/s: p99 us", Median(with[0]), "without them",
              Median(without[0]), "<= 1.2", -1.2});
  report.Add({"the same: MiB that the server grows by", Median(with[1]), "without them", Median(without[1])});
}

}  // namespace demarche::bench
