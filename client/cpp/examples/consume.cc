// Works on the events of a durable subscription: prints each and acknowledges it. What fails is delivered again, to this program or
// to another of the group. Ends after COUNT events, or with Ctrl-C when what is under way is done.
//   example_consume HOST:PORT SUBSCRIPTION [COUNT]
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "absl/status/status.h"
#include "demarche/client/channel.h"
#include "demarche/client/consumer.h"
#include "demarche/client/error.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: example_consume HOST:PORT SUBSCRIPTION [COUNT]\n";
    return 2;
  }
  // Blocked before any thread is made, so that only the one that waits for them gets them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  namespace client = demarche::client;
  client::ConsumerOptions options;
  if (argc > 3) options.limit = std::strtoull(argv[3], nullptr, 10);
  client::Consumer consumer(client::MakeChannel(argv[1]), argv[2], options);
  std::thread stopper([&signals, &consumer] {
    int signal = 0;
    sigwait(&signals, &signal);
    consumer.Stop();
  });

  client::RunOptions run;
  run.on_failure = [](const client::Delivery& delivery, const absl::Status& cause, absl::Duration delay) {
    std::cerr << delivery.position << ": " << cause.ToString() << "; again in " << absl::FormatDuration(delay) << '\n';
  };
  const client::Error end = consumer.Run(
      [](const client::Delivery& delivery) {
        std::cout << delivery.position << ' ' << delivery.event.kind() << ' ' << delivery.count << std::endl;
        return std::cout ? absl::OkStatus() : absl::DataLossError("cannot write");
      },
      run);
  kill(getpid(), SIGTERM);  // the stopper waits for it
  stopper.join();
  if (end.ok()) return 0;
  std::cerr << client::Describe(end) << '\n';
  return 1;
}
