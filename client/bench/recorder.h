#ifndef DEMARCHE_CLIENT_BENCH_RECORDER_H_
#define DEMARCHE_CLIENT_BENCH_RECORDER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/bench/histogram.h"

namespace demarche::bench {

// One second of a run.
struct Second {
  int64_t second = 0;  // since the start, by when it was meant to be sent
  uint64_t count = 0;
  int64_t p50_us = 0, p99_us = 0, max_us = 0;
};

// Collects latencies, in all and by second, leaving the warm-up out. Any thread.
class Recorder {
 public:
  Recorder(absl::Time start, absl::Duration warm_up) : start_(start), counted_from_(start + warm_up) {}

  // A request that was meant to be sent at `intended` was done at `done`.
  void Record(absl::Time intended, absl::Time done) {
    if (intended < counted_from_) return;
    const int64_t us = absl::ToInt64Microseconds(done - intended);
    absl::MutexLock lock(&mutex_);
    all_.Record(us);
    seconds_[absl::ToInt64Seconds(intended - start_)].Record(us);
  }
  Histogram all() const {
    absl::MutexLock lock(&mutex_);
    return all_;
  }
  std::vector<Second> seconds() const {
    absl::MutexLock lock(&mutex_);
    std::vector<Second> list;
    for (const auto& [second, histogram] : seconds_)
      list.push_back({second, histogram.count(), histogram.At(50), histogram.At(99), histogram.Max()});
    return list;
  }

 private:
  const absl::Time start_, counted_from_;
  mutable absl::Mutex mutex_;
  Histogram all_ ABSL_GUARDED_BY(mutex_);
  std::map<int64_t, Histogram> seconds_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace demarche::bench

#endif  // DEMARCHE_CLIENT_BENCH_RECORDER_H_
