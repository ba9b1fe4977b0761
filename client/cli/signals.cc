#include "client/cli/signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

#include "client/cli/exit_code.h"

namespace demarche::cli {

Signals::Signals(Stop& stop) : end_fd_(eventfd(0, EFD_CLOEXEC)) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal_fd_ = signalfd(-1, &set, SFD_CLOEXEC);
  thread_ = std::thread([this, &stop] { Run(stop); });
}

Signals::~Signals() {
  eventfd_write(end_fd_, 1);
  thread_.join();
  close(signal_fd_);
  close(end_fd_);
}

void Signals::Run(Stop& stop) {
  // With no events asked for, poll tells of stdout only that its reader is gone.
  pollfd fds[] = {{end_fd_, POLLIN, 0}, {signal_fd_, POLLIN, 0}, {STDOUT_FILENO, 0, 0}};
  bool signalled = false;
  while (true) {
    if (poll(fds, 3, -1) < 0) continue;
    if (fds[0].revents != 0) return;
    if (fds[1].revents != 0) {
      signalfd_siginfo info;
      if (read(signal_fd_, &info, sizeof(info)) != sizeof(info)) continue;
      const bool interrupt = info.ssi_signo == SIGINT;
      if (signalled) _exit(interrupt ? kExitInterrupted : kExitTerminated);
      signalled = true;
      stop.Trigger(interrupt ? StopReason::kInterrupt : StopReason::kTerminate);
    }
    if ((fds[2].revents & (POLLERR | POLLHUP)) != 0) {
      stop.Trigger(StopReason::kReaderGone);
      fds[2].fd = -1;  // told once
    }
  }
}

}  // namespace demarche::cli
