#ifndef DEMARCHE_TESTS_BENCH_STREAM_MEASURES_H_
#define DEMARCHE_TESTS_BENCH_STREAM_MEASURES_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/stream_child.h"
#include "tests/bench/stream_report.h"

namespace demarche::bench {

void MeasureFanOut(Report& report, int repeats);
void MeasureAgainstNats(Report& report, int repeats);
// The fan-out over TLS against plaintext, ours and of bare gRPC.
void MeasureTls(Report& report, int repeats);
// A watch that begins at the earliest event of a log, against a bare stream of as many.
void MeasureCatchUp(Report& report, int repeats);
// What metrics and audit lines of an item cost, against the CPU time of an item.
void MeasureObservation(Report& report, int repeats);
void MeasureLatency(Report& report, int repeats);
void MeasureSlowReaders(Report& report, int repeats);
// From an article to its events, through the server as it is shipped; against a bare unary call.
void MeasureArticles(Report& report, int repeats);
// A durable subscription with acknowledgements against a plain watch, and the memory of idle ones.
void MeasureSubscriptions(Report& report, int repeats);
// What it costs to find out who wants an event, by the number of distinct filters; against asking each of them.
void MeasureRouting(Report& report);

// nats-server, with room for all that a run publishes.
class NatsServer {
 public:
  NatsServer();
  Child& child() { return child_; }
  const std::string& address() const { return address_; }

 private:
  const std::string address_;
  Child child_;
};

// The address of a port on loopback that no other part of this run uses.
std::string NextAddress();

double Median(std::vector<double> values);
// CPU time of this thread, for others may be at work.
double ThreadSeconds();

// Two figures of one run, such as p50 and p99.
using Figures = std::pair<double, double>;
// Of what a role answers: `done P50 P99`.
Figures ParseTimes(const std::string& line);
// Medians of ours and of the other, run by turns.
std::pair<Figures, Figures> ByTurns(int repeats, const std::function<Figures()>& ours, const std::function<Figures()>& other);

inline std::string Text(int number) { return std::to_string(number); }

}  // namespace demarche::bench

#endif  // DEMARCHE_TESTS_BENCH_STREAM_MEASURES_H_
