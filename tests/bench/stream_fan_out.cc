#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "tests/bench/stream_channel.h"
#include "tests/bench/stream_measures.h"
#include "tests/bench/stream_payload.h"

namespace demarche::bench {
namespace {

struct Sample {
  double events_per_second = 0;
  double server_us = 0;  // CPU of the sending end for an event delivered
  double client_us = 0;  // of the receiving end
};

// Delivers so many events to each of the subscribers, with CPU times of both ends.
template <typename Publish>
Sample Deliver(Child& server, Child& client, int subscribers, int events, Publish publish) {
  client.Hear();
  const double server_before = server.cpu_seconds();
  const double client_before = client.cpu_seconds();
  const double begin = Now();
  publish();
  client.Hear();
  const double seconds = Now() - begin;
  const double deliveries = static_cast<double>(subscribers) * events;
  return {deliveries / seconds, (server.cpu_seconds() - server_before) * 1e6 / deliveries,
          (client.cpu_seconds() - client_before) * 1e6 / deliveries};
}

// Over TLS when a directory has the certificate of the server.
Sample FanOut(const std::string& role, const std::string& payload, int subscribers, int events, const std::string& tls = "") {
  Child server = Child::Role({role, payload, tls});
  const std::string address = server.Hear();
  server.Tell("prepare " + Text(events));
  server.Hear();
  Child client = Child::Role({"watch", address, Text(subscribers), Text(events), "-", Text(subscribers), tls});
  return Deliver(server, client, subscribers, events, [&] { server.Tell("go"); });
}

// A directory with a key and its certificate, signed by itself.
std::string MakeCertificate() {
  const std::string directory = std::filesystem::temp_directory_path() / ("demarche-bench-tls-" + Text(getpid()));
  std::filesystem::create_directories(directory);
  const std::string command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext "
      "subjectAltName=DNS:localhost -keyout " +
      directory + kKeyFile + " -out " + directory + kCertificateFile + " 2> /dev/null";
  if (std::system(command.c_str()) != 0) {
    std::cerr << "openssl made no certificate\n";
    std::exit(1);
  }
  return directory;
}

// Events a second that a watch takes which begins at the earliest of so many in the log.
double CatchUp(int events) {
  constexpr int kAtOnce = 1'000'000'000;
  Child server = Child::Role({"ours", "small"});
  const std::string address = server.Hear();
  server.Tell("pace " + Text(events) + " " + Text(kAtOnce) + " 4");
  server.Hear();
  const double begin = Now();
  Child client = Child::Role({"watch", address, "1", Text(events), "earliest", "1"});
  client.Hear();
  return events / (Now() - begin);
}

Sample NatsFanOut(size_t bytes, int subscribers, int events) {
  NatsServer nats;
  Child client = Child::Role({"nats-watch", nats.address(), Text(subscribers), Text(events), std::to_string(bytes)});
  Child publisher = Child::Role({"nats-publish", nats.address(), std::to_string(bytes)});
  return Deliver(nats.child(), client, subscribers, events, [&] { publisher.Tell("go " + Text(events)); });
}

Sample MedianOf(std::vector<Sample> samples) {
  const auto median = [&](double Sample::*member) {
    std::sort(samples.begin(), samples.end(), [&](const Sample& a, const Sample& b) { return a.*member < b.*member; });
    return samples[samples.size() / 2].*member;
  };
  return {median(&Sample::events_per_second), median(&Sample::server_us), median(&Sample::client_us)};
}

}  // namespace

void MeasureFanOut(Report& report, int repeats) {
  for (const std::string payload : {"small", "demo"}) {
    const size_t bytes = MeanBytes(LoadEvents(payload));
    for (const auto& [subscribers, events] : std::map<int, int>{{1, 400'000}, {10, 120'000}, {100, 16'000}, {1000, 4096}}) {
      const int some = payload == "small" ? events : std::max(events / 4, 512);
      std::vector<Sample> ours;
      std::vector<Sample> bare;
      for (int i = 0; i < repeats; ++i) {
        ours.push_back(FanOut("ours", payload, subscribers, some));
        bare.push_back(FanOut("bare", payload, subscribers, some));
      }
      const Sample mine = MedianOf(ours);
      const Sample other = MedianOf(bare);
      const std::string name = "fan-out to " + Text(subscribers) + ", " + std::to_string(bytes) + " bytes";
      report.Add({name + ": events per CPU second of the server", 1e6 / mine.server_us, "bare gRPC", 1e6 / other.server_us,
                  ">= 0.7", 0.7});
      report.Add({name + ": events per CPU second of both ends", 1e6 / (mine.server_us + mine.client_us), "bare gRPC",
                  1e6 / (other.server_us + other.client_us)});
      report.Add({name + ": events/s", mine.events_per_second, "bare gRPC", other.events_per_second});
    }
  }
}

void MeasureTls(Report& report, int repeats) {
  const std::string tls = MakeCertificate();
  for (const std::string role : {"ours", "bare"}) {
    for (const auto& [subscribers, events] : std::map<int, int>{{10, 120'000}, {100, 16'000}}) {
      std::vector<Sample> over_tls;
      std::vector<Sample> plain;
      for (int i = 0; i < repeats; ++i) {
        over_tls.push_back(FanOut(role, "small", subscribers, events, tls));
        plain.push_back(FanOut(role, "small", subscribers, events));
      }
      const Sample secure = MedianOf(over_tls);
      const Sample other = MedianOf(plain);
      const bool is_ours = role == "ours";
      const std::string name = std::string(is_ours ? "" : "bare gRPC: ") + "fan-out to " + Text(subscribers) + " over TLS";
      report.Add({name + ": events/s", secure.events_per_second, "plaintext", other.events_per_second, is_ours ? ">= 0.6" : "",
                  is_ours ? 0.6 : 0});
      report.Add({name + ": events per CPU second of both ends", 1e6 / (secure.server_us + secure.client_us), "plaintext",
                  1e6 / (other.server_us + other.client_us)});
    }
  }
  std::filesystem::remove_all(tls);
}

void MeasureCatchUp(Report& report, int repeats) {
  constexpr int kEvents = 500'000;  // most of them no longer in memory
  std::vector<double> ours;
  std::vector<double> bare;
  for (int i = 0; i < repeats; ++i) {
    ours.push_back(CatchUp(kEvents));
    bare.push_back(FanOut("bare", "small", 1, kEvents).events_per_second);
  }
  report.Add({"catch-up of a watch from the log: events/s", Median(ours), "bare gRPC", Median(bare)});
}

void MeasureAgainstNats(Report& report, int repeats) {
  const size_t bytes = MeanBytes(LoadEvents("small"));
  for (const auto& [subscribers, events] : std::map<int, int>{{10, 120'000}, {100, 16'000}}) {
    std::vector<Sample> ours;
    std::vector<Sample> nats;
    for (int i = 0; i < repeats; ++i) {
      ours.push_back(FanOut("ours", "small", subscribers, events));
      nats.push_back(NatsFanOut(bytes, subscribers, events));
    }
    const Sample mine = MedianOf(ours);
    const Sample other = MedianOf(nats);
    const std::string name = "fan-out to " + Text(subscribers);
    report.Add({name + ": events per CPU second of both ends", 1e6 / (mine.server_us + mine.client_us), "NATS core",
                1e6 / (other.server_us + other.client_us), ">= 1.0", 1.0});
    report.Add({name + ": events/s", mine.events_per_second, "NATS core", other.events_per_second, ">= 1.0", 1.0});
  }
}

}  // namespace demarche::bench
