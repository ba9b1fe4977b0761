#ifndef DEMARCHE_SERVER_HTTP_TASK_QUEUE_H_
#define DEMARCHE_SERVER_HTTP_TASK_QUEUE_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "httplib.h"

namespace demarche::http {

// Threads for connections. When as many wait as there are threads, the caller (who accepts connections) waits too, so that what is
// not accepted yet stays with the kernel.
class TaskQueue : public httplib::TaskQueue {
 public:
  explicit TaskQueue(size_t threads);

  void enqueue(std::function<void()> task) override ABSL_LOCKS_EXCLUDED(mutex_);
  // Runs what was taken and ends the threads.
  void shutdown() override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Work() ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Mutex mutex_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_TASK_QUEUE_H_
