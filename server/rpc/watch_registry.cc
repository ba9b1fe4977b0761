#include "server/rpc/watch_registry.h"

#include <limits>
#include <utility>

#include "absl/time/time.h"

namespace demarche::rpc {

// A watch has one job waiting at most, and their number is bounded elsewhere: the queue needs no bound of its own.
WatchRegistry::WatchRegistry(const log::EventLog& log, const subscription::Hub& hub, int threads,
                             std::chrono::milliseconds tick_interval, WatchOptions options)
    : tick_interval_(tick_interval),
      shared_{log,
              hub,
              executor_,
              [this](grpc::ServerWriteReactor<grpc::ByteBuffer>* watch) {
                std::shared_ptr<Watch> done;  // deleted after the lock is released
                absl::MutexLock lock(&mutex_);
                const auto found = watches_.find(watch);
                done = std::move(found->second);
                watches_.erase(found);
              },
              cut_count_,
              std::move(options)},
      executor_(threads, std::numeric_limits<size_t>::max()) {
  if (tick_interval_.count() > 0) ticker_ = std::thread([this] { TickLoop(); });
}

WatchRegistry::~WatchRegistry() {
  {
    absl::MutexLock lock(&mutex_);
    is_stopping_ = true;
  }
  if (ticker_.joinable()) ticker_.join();
}

Watch* WatchRegistry::Start(grpc::CallbackServerContext* context, v1::WatchEventsRequest request) {
  std::shared_ptr<Watch> watch;
  {
    absl::MutexLock lock(&mutex_);
    if (is_draining_) return nullptr;
    watch = std::make_shared<Watch>(context, std::move(request), shared_);
    watches_.emplace(watch.get(), watch);
  }
  watch->Wake();
  return watch.get();
}

void WatchRegistry::WakeAll() {
  if (is_waking_.exchange(true)) return;
  const bool is_taken = executor_.Run([this] {
    is_waking_.store(false);
    for (const auto& watch : All()) watch->Wake();
  });
  if (!is_taken) is_waking_.store(false);
}

void WatchRegistry::TickAll() {
  const TimePoint now = shared_.options.now();
  for (const auto& watch : All()) watch->Tick(now);
}

void WatchRegistry::Drain() {
  {
    absl::MutexLock lock(&mutex_);
    is_draining_ = true;
  }
  for (const auto& watch : All()) watch->Drain();
}

size_t WatchRegistry::size() const {
  absl::MutexLock lock(&mutex_);
  return watches_.size();
}

std::vector<std::shared_ptr<Watch>> WatchRegistry::All() const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::shared_ptr<Watch>> all;
  all.reserve(watches_.size());
  for (const auto& [reactor, watch] : watches_) all.push_back(watch);
  return all;
}

void WatchRegistry::TickLoop() {
  const auto stopping = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return is_stopping_; };
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping), absl::FromChrono(tick_interval_))) return;
    }
    TickAll();
  }
}

}  // namespace demarche::rpc
