#ifndef DEMARCHE_PIPELINE_RUN_CURRENT_H_
#define DEMARCHE_PIPELINE_RUN_CURRENT_H_

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace demarche::run {

// Something immutable that many threads read and one may replace while they do: who took it keeps it until done. Any thread.
template <typename T>
class Current {
 public:
  explicit Current(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  std::shared_ptr<const T> Get() const {
    const absl::MutexLock lock(&mutex_);
    return value_;
  }
  void Set(std::shared_ptr<const T> value) {
    const absl::MutexLock lock(&mutex_);
    value_.swap(value);  // what was replaced may end with the argument, after the lock
  }

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<const T> value_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace demarche::run

#endif  // DEMARCHE_PIPELINE_RUN_CURRENT_H_
