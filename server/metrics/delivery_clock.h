#ifndef DEMARCHE_SERVER_METRICS_DELIVERY_CLOCK_H_
#define DEMARCHE_SERVER_METRICS_DELIVERY_CLOCK_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "demarche/stored/v1/record.pb.h"

namespace demarche::metrics {

// Remembers when the items of the latest records came in, so that it can be told how long an event was on its way. Any thread.
class DeliveryClock {
 public:
  static constexpr size_t kMaxRecords = 8192;

  // Records in order, each once.
  void Note(const std::vector<std::shared_ptr<const stored::v1::Record>>& records) ABSL_LOCKS_EXCLUDED(mutex_);
  // Of the record that holds the position; nothing when it is older than what is remembered.
  std::optional<int64_t> IngestTimeOf(uint64_t position) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Entry {
    uint64_t last_position;
    int64_t ingest_time_us;
  };

  mutable absl::Mutex mutex_;
  std::deque<Entry> entries_ ABSL_GUARDED_BY(mutex_);        // by position
  uint64_t forgotten_ ABSL_GUARDED_BY(mutex_) = UINT64_MAX;  // up to here
};

}  // namespace demarche::metrics

#endif  // DEMARCHE_SERVER_METRICS_DELIVERY_CLOCK_H_
