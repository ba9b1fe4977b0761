#include "server/threads/executor.h"

#include <atomic>
#include <memory>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace demarche::threads {
namespace {

TEST(Executor, RunsWhatItTookBeforeItEnds) {
  std::atomic<int> ran{0};
  {
    Executor executor(2, 100);
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(executor.Run([&] { ++ran; }));
  }
  EXPECT_EQ(ran, 50);
}

TEST(Executor, RefusesBeyondItsBound) {
  absl::Notification started;
  absl::Notification go;
  Executor executor(1, 1);
  ASSERT_TRUE(executor.Run([&] {
    started.Notify();
    go.WaitForNotification();
  }));
  started.WaitForNotification();
  EXPECT_TRUE(executor.Run([] {}));
  EXPECT_FALSE(executor.Run([] {}));
  go.Notify();
}

}  // namespace
}  // namespace demarche::threads
