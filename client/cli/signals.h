#ifndef DEMARCHE_CLIENT_CLI_SIGNALS_H_
#define DEMARCHE_CLIENT_CLI_SIGNALS_H_

#include <thread>

#include "client/cli/stop.h"

namespace demarche::cli {

// Turns SIGINT, SIGTERM and a reader of stdout that went away into a Stop. A second signal ends the process at once.
// Made in main before any other thread, so that all threads inherit the mask.
class Signals {
 public:
  explicit Signals(Stop& stop);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void Run(Stop& stop);

  int signal_fd_;
  int end_fd_;
  std::thread thread_;
};

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_SIGNALS_H_
