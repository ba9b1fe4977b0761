#include "client/bench/subscribers.h"

#include <map>
#include <utility>

#include "absl/time/clock.h"

namespace demarche::bench {
namespace {

constexpr absl::Duration kSettle = absl::Seconds(10);
constexpr absl::Duration kSlowPause = absl::Milliseconds(5);
constexpr absl::Duration kConnectionLife = absl::Seconds(1);

}  // namespace

Subscriber::Subscriber(std::shared_ptr<grpc::Channel> channel, const std::string& start, Pace pace,
                       std::function<void(const client::Event&)> on_event)
    : channel_(std::move(channel)), start_(start), pace_(pace), on_event_(std::move(on_event)), thread_([this] { Run(); }) {}

Subscriber::~Subscriber() { Stop(); }

void Subscriber::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
    if (watcher_ != nullptr) watcher_->Cancel();
  }
  if (thread_.joinable()) thread_.join();
}

void Subscriber::Await(size_t count) {
  absl::MutexLock lock(&mutex_);
  while (positions_.size() < count) {
    const size_t before = positions_.size();
    const auto more = [this, before]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return positions_.size() > before; };
    if (!mutex_.AwaitWithTimeout(absl::Condition(&more), kSettle)) return;
  }
}

void Subscriber::Run() {
  std::string position = start_;
  while (true) {
    client::WatchOptions options;
    options.request.mutable_start()->set_after(position);
    client::Watcher watcher(channel_, std::move(options));
    {
      absl::MutexLock lock(&mutex_);
      if (stopped_) return;
      watcher_ = &watcher;
    }
    const absl::Time end = pace_ == Pace::kReconnecting ? absl::Now() + kConnectionLife : absl::InfiniteFuture();
    bool more = true;
    while (more && absl::Now() < end) {
      const auto event = watcher.Next();
      more = event.has_value();
      if (!more) continue;
      if (pace_ == Pace::kSlow) absl::SleepFor(kSlowPause);
      on_event_(*event);
      position = event->position;
      absl::MutexLock lock(&mutex_);
      positions_.push_back(position);
    }
    absl::MutexLock lock(&mutex_);
    watcher_ = nullptr;
    if (!more) return;
  }
}

void Verify(const std::vector<std::string>& log, const std::vector<std::string>& sent, LoadResult* result) {
  std::map<std::string, size_t> place;
  for (size_t i = 0; i < log.size(); ++i) place.emplace(log[i], i);
  std::vector<bool> seen(log.size());
  size_t next = 0;  // the earliest place that is in order
  for (const std::string& position : sent) {
    const auto found = place.find(position);
    if (found == place.end()) continue;  // stored after the load
    result->delivered += 1;
    if (seen[found->second]) {
      result->repeated += 1;
    } else if (found->second < next) {
      result->out_of_order += 1;
    } else {
      next = found->second + 1;
    }
    seen[found->second] = true;
  }
  for (const bool one : seen) result->lost += one ? 0 : 1;
}

}  // namespace demarche::bench
