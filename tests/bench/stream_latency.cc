#include <string>
#include <vector>

#include "tests/bench/stream_measures.h"

namespace demarche::bench {
namespace {

constexpr int kPacedEvents = 3000;
constexpr int kPacedRate = 1000;

Figures Latency(int subscribers) {
  Child server = Child::Role({"ours", "small"});
  Child client = Child::Role({"time", server.Hear(), Text(subscribers), Text(kPacedEvents)});
  client.Hear();
  server.Tell("pace " + Text(kPacedEvents) + " " + Text(kPacedRate) + " 1");
  return ParseTimes(client.Hear());
}

Figures NatsLatency(int subscribers) {
  NatsServer nats;
  Child client = Child::Role({"nats-time", nats.address(), Text(subscribers), Text(kPacedEvents), "386"});
  client.Hear();
  Child publisher = Child::Role({"nats-publish", nats.address(), "386"});
  publisher.Tell("pace " + Text(kPacedEvents) + " " + Text(kPacedRate));
  return ParseTimes(client.Hear());
}

// The p99 of 98 watches in us, alone or beside two that read badly, and what the server has grown by in MiB.
Figures LatencyOfOthers(bool is_alone) {
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
    const auto [ours, nats] = ByTurns(
        repeats, [=] { return Latency(subscribers); }, [=] { return NatsLatency(subscribers); });
    const std::string name = "publish to receive at 1,000/s, " + Text(subscribers) + " subscribers";
    report.Add({name + ": p50 us", ours.first, "NATS core", nats.first, "<= 2.5", -2.5});
    report.Add({name + ": p99 us", ours.second, "NATS core", nats.second});
  }
}

void MeasureSlowReaders(Report& report, int repeats) {
  const auto [with, without] = ByTurns(
      repeats, [] { return LatencyOfOthers(false); }, [] { return LatencyOfOthers(true); });
  report.Add({"98 watches beside one that stalls and one that reads 10/s: p99 us", with.first, "without them", without.first,
              "<= 1.2", -1.2});
  report.Add({"the same: MiB that the server grows by", with.second, "without them", without.second});
}

}  // namespace demarche::bench
