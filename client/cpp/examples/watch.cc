// Prints the kinds of the events that match, to the live end, and goes on there the next time.
//   example_watch HOST:PORT POSITION_FILE ['filter']
#include <iostream>

#include "demarche/client/channel.h"
#include "demarche/client/error.h"
#include "demarche/client/position_store.h"
#include "demarche/client/watcher.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: example_watch HOST:PORT POSITION_FILE [FILTER]\n";
    return 2;
  }
  namespace client = demarche::client;
  client::FilePositionStore positions(argv[2]);
  client::WatchOptions options;
  options.request.mutable_start()->set_earliest(true);  // when the file holds no position yet
  if (argc > 3) options.request.add_filters()->set_filter(argv[3]);
  options.positions = &positions;
  options.until_caught_up = true;
  client::Watcher watcher(client::MakeChannel(argv[1]), std::move(options));
  while (const auto event = watcher.Next()) std::cout << event->position << ' ' << event->event.kind() << '\n';
  if (watcher.error().ok()) return 0;
  std::cerr << client::Describe(watcher.error()) << '\n';
  return 1;
}
