#include "server/threads/pause.h"

#include <thread>

#include "gtest/gtest.h"

namespace demarche::threads {
namespace {

TEST(Pause, LastsAsLongAsItIsToldUnlessItIsEnded) {
  Pause pause;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(pause.WaitFor(std::chrono::milliseconds(2)));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(2));
  EXPECT_FALSE(pause.WaitFor(std::chrono::nanoseconds(0)));
}

TEST(Pause, IsEndedForAllWhoWaitAndWhoComeLater) {
  Pause pause;
  bool was_ended[2] = {};
  std::thread first([&] { was_ended[0] = pause.WaitFor(std::chrono::hours(1)); });
  std::thread second([&] { was_ended[1] = pause.WaitFor(std::chrono::hours(1)); });
  pause.End();
  first.join();
  second.join();
  EXPECT_TRUE(was_ended[0] && was_ended[1]);
  EXPECT_TRUE(pause.WaitFor(std::chrono::hours(1)));
}

}  // namespace
}  // namespace demarche::threads
