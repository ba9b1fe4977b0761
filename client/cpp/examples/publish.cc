// Publishes one item and says what became of it.   example_publish HOST:PORT PUBLISHER 'text'
#include <chrono>
#include <iostream>

#include "demarche/client/channel.h"
#include "demarche/client/error.h"
#include "demarche/client/publisher.h"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: example_publish HOST:PORT PUBLISHER TEXT\n";
    return 2;
  }
  namespace client = demarche::client;
  client::Publisher publisher(client::MakeChannel(argv[1]), {.give_up_after = absl::Seconds(10)});
  demarche::v1::NewsItem item;
  item.set_publisher(argv[2]);
  item.set_body(argv[3]);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  item.mutable_publish_time()->set_seconds(std::chrono::duration_cast<std::chrono::seconds>(now).count());

  const client::ItemOutcome outcome = publisher.Publish(std::move(item)).get();
  if (!outcome.error.ok()) {
    std::cerr << client::Describe(outcome.error) << '\n';
    return 1;
  }
  std::cout << demarche::v1::PublishOutcome_Name(outcome.result.outcome()) << ' ' << outcome.result.event_ids_size() << " events\n";
  return 0;
}
