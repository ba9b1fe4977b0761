#ifndef DEMARCHE_SERVER_HTTP_STREAM_SLOTS_H_
#define DEMARCHE_SERVER_HTTP_STREAM_SLOTS_H_

#include <atomic>
#include <cstddef>
#include <memory>

#include "absl/status/status.h"

namespace demarche::http {

// How many streams are open: each holds a thread. Any thread; outlives the slots.
class StreamSlots {
 public:
  explicit StreamSlots(size_t max) : max_(max) {}

  // A slot, taken until the last copy of the pointer is gone; null when there is none.
  std::shared_ptr<void> Take();
  // What is told to those who get none: QUOTA_EXCEEDED, in the code that their protocol wants.
  absl::Status Full(absl::StatusCode code) const;

  size_t max() const { return max_; }
  size_t taken() const { return taken_.load(); }

 private:
  const size_t max_;
  std::atomic<size_t> taken_{0};
};

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_STREAM_SLOTS_H_
