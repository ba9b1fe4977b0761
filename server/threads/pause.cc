#include "server/threads/pause.h"

namespace demarche::threads {

bool Pause::WaitFor(std::chrono::nanoseconds time) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, time, [this] { return is_ended_; });
}

void Pause::End() {
  {
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
  }
  ended_.notify_all();
}

}  // namespace demarche::threads
