#ifndef DEMARCHE_SERVER_TRACING_EXPORTER_H_
#define DEMARCHE_SERVER_TRACING_EXPORTER_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/limits/limits.h"
#include "server/tracing/span.h"

namespace demarche::tracing {

// Hands spans to a collector. Send is called by one thread, Abort by another.
class Sender {
 public:
  enum class Outcome { kTaken, kTryAgain, kRefused };

  virtual ~Sender() = default;
  // Blocks within bounds of its own.
  virtual Outcome Send(const std::string& body) = 0;
  // Has a Send that is under way return soon.
  virtual void Abort() = 0;
};

struct ExporterOptions {
  std::string service_version;
  size_t max_queued_spans = limits::kMaxQueuedSpans;
  std::chrono::milliseconds gather_time = limits::kSpanGatherTime;
  std::chrono::milliseconds first_retry = limits::kFirstExportRetry;  // doubled each time
  std::chrono::milliseconds flush_time = limits::kSpanFlushTime;
};

// Sends spans to a collector in the background. Who adds never waits: what finds the queue full is dropped, and so is what the
// collector does not take in a few attempts; both are counted. Any thread adds. When it is destroyed, what is queued is tried once
// more, as long as there is time.
class Exporter {
 public:
  Exporter(std::unique_ptr<Sender> sender, ExporterOptions options);
  ~Exporter();
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  // Takes the spans of an item, all or none.
  void Add(std::vector<Span> spans) ABSL_LOCKS_EXCLUDED(mutex_);

  uint64_t exported_count() const { return exported_count_; }
  uint64_t overflowed_count() const { return overflowed_count_; }
  uint64_t failed_count() const { return failed_count_; }

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  // The next spans; none at the end.
  std::vector<Span> Take() ABSL_LOCKS_EXCLUDED(mutex_);
  void Export(const std::vector<Span>& spans) ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits until the attempt is due; false when there is none any more. At the end there is one without a wait.
  bool MayTry(int attempt) ABSL_LOCKS_EXCLUDED(mutex_);

  const ExporterOptions options_;
  const std::unique_ptr<Sender> sender_;
  std::atomic<uint64_t> exported_count_{0};
  std::atomic<uint64_t> overflowed_count_{0};
  std::atomic<uint64_t> failed_count_{0};

  absl::Mutex mutex_;
  std::deque<Span> queue_ ABSL_GUARDED_BY(mutex_);
  bool is_ending_ ABSL_GUARDED_BY(mutex_) = false;   // nothing is waited for any more
  bool is_overdue_ ABSL_GUARDED_BY(mutex_) = false;  // nothing is sent any more
  bool is_done_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace demarche::tracing

#endif  // DEMARCHE_SERVER_TRACING_EXPORTER_H_
