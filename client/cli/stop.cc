#include "client/cli/stop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace demarche::cli {

Stop::Stop() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Stop::~Stop() { close(fd_); }

void Stop::Trigger(StopReason reason) {
  absl::MutexLock lock(&mutex_);
  if (reason_ != StopReason::kNone) return;
  reason_ = reason;
  eventfd_write(fd_, 1);
}

StopReason Stop::reason() const {
  absl::MutexLock lock(&mutex_);
  return reason_;
}

OnStop::OnStop(Stop& stop, std::function<void()> action)
    : stop_(stop), thread_([this, action = std::move(action)] {
        bool triggered = false;
        {
          absl::MutexLock lock(&stop_.mutex_);
          const auto over = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ended_ || stop_.reason_ != StopReason::kNone; };
          stop_.mutex_.Await(absl::Condition(&over));
          triggered = !ended_;
        }
        if (triggered) action();
      }) {}

OnStop::~OnStop() {
  {
    absl::MutexLock lock(&stop_.mutex_);
    ended_ = true;
  }
  thread_.join();
}

}  // namespace demarche::cli
