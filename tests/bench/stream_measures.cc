#include "tests/bench/stream_measures.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace demarche::bench {
namespace {

// Each run of this process has a port of its own.
std::string NextPort() {
  static int port = 14222 + getpid() % 10'000;
  return Text(port++);
}

std::vector<std::string> CommandOf(const std::string& address) {
  const std::string config = std::filesystem::temp_directory_path() / "demarche-bench-nats.conf";
  std::ofstream(config) << "max_pending: 2GB\n";
  return {"nats-server", "-a", "127.0.0.1", "-p", address.substr(address.find(':') + 1), "-c", config, "-l", "/dev/null"};
}

}  // namespace

NatsServer::NatsServer() : address_("127.0.0.1:" + NextPort()), child_(CommandOf(address_)) {}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace demarche::bench
