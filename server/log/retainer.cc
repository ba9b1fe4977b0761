#include "server/log/retainer.h"

#include <utility>

#include "absl/time/time.h"

namespace demarche::log {
namespace {

int64_t TimeBefore(int64_t now_us, std::chrono::seconds age) {
  return age.count() == 0 ? 0 : now_us - std::chrono::microseconds(age).count();
}

}  // namespace

Retention RetentionAt(const RetentionBounds& bounds, int64_t now_us) {
  return {.records_before_us = TimeBefore(now_us, bounds.max_age),
          .max_bytes = bounds.max_bytes,
          .items_before_us = TimeBefore(now_us, bounds.max_item_age)};
}

Retainer::Retainer(EventLog& log, Options options) : log_(log), options_(std::move(options)), thread_([this] { Run(); }) {}

Retainer::~Retainer() {
  {
    const absl::MutexLock lock(&mutex_);
    is_closing_ = true;
  }
  thread_.join();
}

bool Retainer::is_closing() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return is_closing_;
}

void Retainer::Run() {
  bool is_last = is_closing();
  while (!is_last) {
    TrimAll();
    const absl::MutexLock lock(&mutex_);
    is_last = mutex_.AwaitWithTimeout(absl::Condition(&is_closing_), absl::FromChrono(options_.interval));
  }
}

void Retainer::TrimAll() {
  Retention retention = RetentionAt(options_.bounds, options_.clock());
  if (options_.keep_after) retention.keep_after = options_.keep_after();
  while (!is_closing()) {
    const auto dropped = log_.Trim(retention);
    if (!dropped.ok()) options_.on_error(dropped.status());
    if (!dropped.ok() || !*dropped) return;
  }
}

}  // namespace demarche::log
