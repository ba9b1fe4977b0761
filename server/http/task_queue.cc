#include "server/http/task_queue.h"

#include <utility>

namespace demarche::http {

TaskQueue::TaskQueue(size_t threads) {
  threads_.reserve(threads);
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

void TaskQueue::enqueue(std::function<void()> task) {
  const auto has_room = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return tasks_.size() < threads_.size(); };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&has_room));
  tasks_.push_back(std::move(task));
}

void TaskQueue::shutdown() {
  {
    absl::MutexLock lock(&mutex_);
    is_stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

void TaskQueue::Work() {
  const auto is_ready = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return is_stopping_ || !tasks_.empty(); };
  while (true) {
    std::function<void()> task;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&is_ready));
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace demarche::http
