#include "server/tracing/exporter.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/time/time.h"
#include "server/tracing/otlp.h"

namespace demarche::tracing {

Exporter::Exporter(std::unique_ptr<Sender> sender, ExporterOptions options)
    : options_(std::move(options)), sender_(std::move(sender)), thread_([this] { Run(); }) {}

Exporter::~Exporter() {
  bool is_done = false;
  {
    absl::MutexLock lock(&mutex_);
    is_ending_ = true;
    is_done = mutex_.AwaitWithTimeout(absl::Condition(&is_done_), absl::FromChrono(options_.flush_time));
    is_overdue_ = true;
  }
  if (!is_done) sender_->Abort();
  thread_.join();
}

void Exporter::Add(std::vector<Span> spans) {
  absl::MutexLock lock(&mutex_);
  if (queue_.size() + spans.size() > options_.max_queued_spans) {
    overflowed_count_ += spans.size();
    return;
  }
  std::move(spans.begin(), spans.end(), std::back_inserter(queue_));
}

void Exporter::Run() {
  for (auto spans = Take(); !spans.empty(); spans = Take()) Export(spans);
  absl::MutexLock lock(&mutex_);
  is_done_ = true;
}

std::vector<Span> Exporter::Take() {
  const auto has_some = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return is_ending_ || !queue_.empty(); };
  const auto has_many = [this]()
                            ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return is_ending_ || queue_.size() >= limits::kMaxExportedSpans; };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&has_some));
  mutex_.AwaitWithTimeout(absl::Condition(&has_many), absl::FromChrono(options_.gather_time));
  const auto end = queue_.begin() + static_cast<ptrdiff_t>(std::min(queue_.size(), limits::kMaxExportedSpans));
  std::vector<Span> spans(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  return spans;
}

void Exporter::Export(const std::vector<Span>& spans) {
  const auto body = ToOtlpJson(spans, options_.service_version);
  auto outcome = Sender::Outcome::kTryAgain;
  for (int attempt = 1; body.ok() && outcome == Sender::Outcome::kTryAgain && MayTry(attempt); ++attempt) {
    outcome = sender_->Send(*body);
  }
  (outcome == Sender::Outcome::kTaken ? exported_count_ : failed_count_) += spans.size();
}

bool Exporter::MayTry(int attempt) {
  absl::MutexLock lock(&mutex_);
  if (attempt == 1) return !is_overdue_;
  if (attempt > limits::kMaxExportAttempts) return false;
  const auto wait = absl::FromChrono(options_.first_retry) * (1 << (attempt - 2));
  return !mutex_.AwaitWithTimeout(absl::Condition(&is_ending_), wait);
}

}  // namespace demarche::tracing
