#ifndef DEMARCHE_SERVER_THREADS_PAUSE_H_
#define DEMARCHE_SERVER_THREADS_PAUSE_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace demarche::threads {

// Waits that others end, by a clock that never jumps. absl::Mutex waits until a time of the system's clock: a wait of a millisecond
// takes an hour more when that clock is set back by an hour meanwhile. Any thread.
class Pause {
 public:
  Pause() = default;
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;

  // Whether it was ended before the time was over; at once when it was already.
  bool WaitFor(std::chrono::nanoseconds time);
  // There are no waits any more.
  void End();

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_ended_ = false;  // guarded by mutex_
};

}  // namespace demarche::threads

#endif  // DEMARCHE_SERVER_THREADS_PAUSE_H_
