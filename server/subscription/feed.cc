#include "server/subscription/feed.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace demarche::subscription {
namespace {

constexpr int64_t kMaxCredit = int64_t{1} << 62;

}  // namespace

absl::StatusOr<Feed> Feed::Open(const log::EventLog& log, Hub& hub, const NamedFilters& filters, uint64_t after,
                                v1::OnExpired on_expired) {
  auto compiled = CompileFilters(filters);
  if (!compiled.ok()) return compiled.status();
  return Feed(log, hub, filters, *std::move(compiled), after, on_expired);
}

Feed::Feed(const log::EventLog& log, Hub& hub, const NamedFilters& filters, Filters compiled, uint64_t after,
           v1::OnExpired on_expired)
    : log_(&log), hub_(&hub), on_expired_(on_expired), filters_(filters), names_(std::move(compiled.names)) {
  cursor_.emplace(log, hub, std::move(compiled.set), after, on_expired);
}

void Feed::Grant(uint64_t events, uint64_t bytes) {
  events_ += std::min(events, std::numeric_limits<uint64_t>::max() - events_);
  bytes_ = std::min<int64_t>(kMaxCredit, bytes_ + static_cast<int64_t>(std::min<uint64_t>(bytes, kMaxCredit)));
  is_bounded_by_bytes_ |= bytes > 0;
}

absl::Status Feed::Change(const NamedFilters& filters, const WaiterPtr& waiter) {
  auto former = FormerFilters(filters_, former_, filters);
  if (!former.ok()) return former.status();
  auto compiled = CompileFilters(filters, *former);
  if (!compiled.ok()) return compiled.status();
  filters_ = filters;
  former_ = *std::move(former);
  names_ = std::move(compiled->names);
  const uint64_t position = cursor_->position();
  cursor_->Forget(waiter);
  cursor_.emplace(*log_, *hub_, std::move(compiled->set), position, on_expired_);
  return absl::OkStatus();
}

absl::StatusOr<Step> Feed::Next(const WaiterPtr& waiter, bool may_read) {
  if (!has_credit()) return Step{Step::Kind::kIdle};
  auto step = cursor_->Next(waiter, may_read, std::min<uint64_t>(events_, limits::kMaxBatchEvents));
  if (step.ok() && step->kind == Step::Kind::kEvents) {
    events_ -= step->batch->events;
    if (is_bounded_by_bytes_) bytes_ -= static_cast<int64_t>(step->batch->bytes);
  }
  return step;
}

}  // namespace demarche::subscription
