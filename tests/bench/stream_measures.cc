#include "tests/bench/stream_measures.h"

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace demarche::bench {
namespace {

std::vector<std::string> CommandOf(const std::string& address) {
  const std::string config = std::filesystem::temp_directory_path() / "demarche-bench-nats.conf";
  std::ofstream(config) << "max_pending: 2GB\n";
  return {"nats-server", "-a", "127.0.0.1", "-p", address.substr(address.find(':') + 1), "-c", config, "-l", "/dev/null"};
}

}  // namespace

NatsServer::NatsServer() : address_(NextAddress()), child_(CommandOf(address_)) {}

std::string NextAddress() {
  static int port = 14222 + getpid() % 10'000;
  return "127.0.0.1:" + Text(port++);
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double ThreadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Figures ParseTimes(const std::string& line) {
  std::istringstream words(line);
  std::string done;
  Figures times;
  words >> done >> times.first >> times.second;
  return times;
}

std::pair<Figures, Figures> ByTurns(int repeats, const std::function<Figures()>& ours, const std::function<Figures()>& other) {
  std::vector<double> figures[4];
  for (int i = 0; i < repeats; ++i) {
    const Figures mine = ours(), theirs = other();
    figures[0].push_back(mine.first);
    figures[1].push_back(mine.second);
    figures[2].push_back(theirs.first);
    figures[3].push_back(theirs.second);
  }
  return {{Median(figures[0]), Median(figures[1])}, {Median(figures[2]), Median(figures[3])}};
}

}  // namespace demarche::bench
