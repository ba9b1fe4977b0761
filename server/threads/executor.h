#ifndef DEMARCHE_SERVER_THREADS_EXECUTOR_H_
#define DEMARCHE_SERVER_THREADS_EXECUTOR_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace demarche::threads {

// A fixed number of threads that run what they are given, in order of arrival: where gRPC's callback threads leave work that would
// block them. Any thread may call Run. Destruction runs what was taken and joins.
class Executor {
 public:
  Executor(int threads, size_t max_waiting);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // False, and nothing done, when max_waiting jobs are waiting already or the executor is being destroyed.
  [[nodiscard]] bool Run(std::function<void()> job);

 private:
  void Work();

  const size_t max_waiting_;
  absl::Mutex mutex_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;  // last: they use the rest
};

}  // namespace demarche::threads

#endif  // DEMARCHE_SERVER_THREADS_EXECUTOR_H_
