#include "client/cli/signals.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>

#include "gtest/gtest.h"

namespace demarche::cli {
namespace {

// A program of its own: a signal may only meet threads that were made after the mask.
StopReason WaitFor(Stop& stop) {
  pollfd fd{stop.fd(), POLLIN, 0};
  poll(&fd, 1, -1);
  return stop.reason();
}

TEST(Signals, TurnsSignalsIntoReasons) {
  {
    Stop stop;
    Signals signals(stop);
    kill(getpid(), SIGINT);
    EXPECT_EQ(WaitFor(stop), StopReason::kInterrupt);
  }
  Stop stop;
  Signals signals(stop);
  kill(getpid(), SIGTERM);
  EXPECT_EQ(WaitFor(stop), StopReason::kTerminate);
}

TEST(Signals, NoticesThatTheReaderOfStdoutIsGone) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const int stdout_before = dup(STDOUT_FILENO);
  dup2(ends[1], STDOUT_FILENO);
  close(ends[1]);
  Stop stop;
  {
    Signals signals(stop);
    close(ends[0]);
    EXPECT_EQ(WaitFor(stop), StopReason::kReaderGone);
  }
  dup2(stdout_before, STDOUT_FILENO);
  close(stdout_before);
}

TEST(OnStop, DoesNotRunItsActionAfterItsEnd) {
  Stop stop;
  int runs = 0;
  {
    OnStop ended(stop, [&runs] { ++runs; });
  }
  stop.Trigger(StopReason::kInterrupt);
  stop.Trigger(StopReason::kTerminate);
  EXPECT_EQ(stop.reason(), StopReason::kInterrupt);
  EXPECT_EQ(runs, 0);
}

}  // namespace
}  // namespace demarche::cli
