#include "server/rpc/write_budget.h"

#include <algorithm>
#include <utility>

#include "server/limits/limits.h"

namespace demarche::rpc {

void WriteBudget::CutLargest() {
  while (bytes() > max_bytes_) {
    std::shared_ptr<BufferedStream> largest;
    for (const Largest& find : streams_) {
      std::shared_ptr<BufferedStream> found = find();
      if (found != nullptr && (largest == nullptr || found->buffered_bytes() > largest->buffered_bytes()))
        largest = std::move(found);
    }
    if (largest == nullptr || largest->buffered_bytes() == 0) return;
    largest->Cut("all streams together had more than " + std::to_string(max_bytes_) +
                 " bytes in incomplete writes, and this one the most");
  }
}

bool WriteMeter::Begin(uint64_t bytes, TimePoint now) {
  began_ = now;
  bytes_.store(bytes);
  return budget_.Take(bytes);
}

void WriteMeter::End(TimePoint now, bool has_content) {
  const uint64_t bytes = bytes_.load();
  const double held = static_cast<double>(budget_.bytes()) / static_cast<double>(std::max<uint64_t>(budget_.max_bytes(), 1));
  Abandon();
  if (!has_content) return;
  double used = std::chrono::duration<double>(now - began_) / std::chrono::duration<double>(max_time_);
  if (now - began_ >= limits::kStalledWriteTime) used = std::max(used, held);
  if (used < limits::kSlowWarning && !(is_slow_ && used <= limits::kSlowCleared)) return;
  is_slow_ = used >= limits::kSlowWarning;
  warning_.emplace();
  warning_->set_buffered_bytes(bytes);
  warning_->set_limit_bytes(budget_.max_bytes());
  warning_->set_cleared(!is_slow_);
}

void WriteMeter::Abandon() { budget_.Return(bytes_.exchange(0)); }

}  // namespace demarche::rpc
