// Appends one line an event, 'POSITION EVENT_ID', to a file, each event once whatever happens to this program: the position is part
// of the result, so that both are there or neither. Ends after COUNT lines.   example_exactly_once HOST:PORT FILE COUNT ['filter']
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "absl/status/status.h"
#include "demarche/client/channel.h"
#include "demarche/client/error.h"
#include "demarche/client/position_store.h"
#include "demarche/client/watcher.h"

namespace {

// The file of results tells the position too; what a crash left of a last line is cut off. Save has nothing to do.
class ResultFile : public demarche::client::PositionStore {
 public:
  explicit ResultFile(std::string path) : path_(std::move(path)) {}

  absl::StatusOr<std::string> Load() override {
    std::ifstream in(path_);
    std::string line, position;
    uintmax_t bytes = 0;
    while (std::getline(in, line) && !in.eof()) {
      bytes += line.size() + 1;
      position = line.substr(0, line.find(' '));
      lines_ += 1;
    }
    in.close();
    if (std::filesystem::exists(path_)) std::filesystem::resize_file(path_, bytes);
    out_.open(path_, std::ios::app);
    if (!out_) return absl::FailedPreconditionError("cannot write " + path_);
    return position;
  }
  absl::Status Save(const std::string&) override { return absl::OkStatus(); }

  bool Append(const demarche::client::Event& event) {
    lines_ += 1;
    return static_cast<bool>(out_ << event.position << ' ' << event.event.event_id() << std::endl);
  }
  int lines() const { return lines_; }

 private:
  const std::string path_;
  std::ofstream out_;
  int lines_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: example_exactly_once HOST:PORT FILE COUNT [FILTER]\n";
    return 2;
  }
  namespace client = demarche::client;
  const int count = std::atoi(argv[3]);
  ResultFile results(argv[2]);
  client::WatchOptions options;
  options.request.mutable_start()->set_earliest(true);
  if (argc > 4) options.request.add_filters()->set_filter(argv[4]);
  options.backoff = {.first = absl::Milliseconds(50), .longest = absl::Seconds(1)};
  options.positions = &results;
  client::Watcher watcher(client::MakeChannel(argv[1]), std::move(options));
  while (const auto event = watcher.Next()) {
    if (!results.Append(*event)) return 1;
    if (results.lines() >= count) return 0;
  }
  std::cerr << client::Describe(watcher.error()) << '\n';
  return 1;
}
