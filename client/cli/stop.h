#ifndef DEMARCHE_CLIENT_CLI_STOP_H_
#define DEMARCHE_CLIENT_CLI_STOP_H_

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace demarche::cli {

enum class StopReason { kNone, kInterrupt, kTerminate, kReaderGone };

// Tells a running command that it should end. Set once, by the signal thread; read by any thread. Outlives the command.
class Stop {
 public:
  Stop();
  ~Stop();
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  // The first reason stays.
  void Trigger(StopReason reason);
  StopReason reason() const;
  bool requested() const { return reason() != StopReason::kNone; }
  // Becomes readable when triggered: for poll().
  int fd() const { return fd_; }

 private:
  friend class OnStop;
  const int fd_;
  mutable absl::Mutex mutex_;
  StopReason reason_ ABSL_GUARDED_BY(mutex_) = StopReason::kNone;
};

// Runs an action, on a thread of its own, if the command is stopped during this object's life; after its end the action neither
// runs nor will run.
class OnStop {
 public:
  OnStop(Stop& stop, std::function<void()> action);
  ~OnStop();
  OnStop(const OnStop&) = delete;
  OnStop& operator=(const OnStop&) = delete;

 private:
  Stop& stop_;
  bool ended_ = false;  // guarded by stop_.mutex_
  std::thread thread_;
};

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_STOP_H_
