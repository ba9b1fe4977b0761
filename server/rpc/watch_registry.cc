#include "server/rpc/watch_registry.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string>
#include <utility>

namespace demarche::rpc {
namespace {

// Watches that the dispatching thread runs by itself; of more, it leaves as many at a time to a helper.
constexpr size_t kMaxRunAtOnce = 128;

}  // namespace

// A watch has one job waiting at most, and their number is bounded elsewhere: the queues need no bound of their own.
WatchRegistry::WatchRegistry(const log::EventLog& log, subscription::Hub& hub, int threads, std::chrono::milliseconds tick_interval,
                             WatchOptions options, WriteBudget& budget)
    : hub_(hub),
      tick_interval_(tick_interval),
      shared_{log,      hub,
              readers_, [this](grpc::ServerWriteReactor<grpc::ByteBuffer>* watch) { Erase(watch); },
              budget,   std::move(options)},
      readers_(threads, std::numeric_limits<size_t>::max()),
      helpers_(threads, std::numeric_limits<size_t>::max()) {
  budget.AddStreams([this] { return Largest(); });
  if (tick_interval_.count() > 0) ticker_ = std::thread([this] { TickLoop(); });
  dispatcher_ = std::thread([this] { DispatchLoop(); });
}

WatchRegistry::~WatchRegistry() {
  pause_.End();
  {
    absl::MutexLock lock(&dispatch_mutex_);
    is_dispatch_stopping_ = true;
  }
  if (ticker_.joinable()) ticker_.join();
  dispatcher_.join();
}

Watch* WatchRegistry::Start(grpc::CallbackServerContext* context, v1::WatchEventsRequest request) {
  std::shared_ptr<Watch> watch;
  {
    absl::MutexLock lock(&mutex_);
    if (is_draining_) return nullptr;
    watch = std::make_shared<Watch>(context, std::move(request), shared_);
    watches_.emplace(watch.get(), watch);
  }
  watch->Open();
  return watch.get();
}

void WatchRegistry::Erase(grpc::ServerWriteReactor<grpc::ByteBuffer>* watch) {
  std::shared_ptr<Watch> done;  // deleted after the lock is released
  absl::MutexLock lock(&mutex_);
  const auto found = watches_.find(watch);
  done = std::move(found->second);
  watches_.erase(found);
}

std::shared_ptr<BufferedStream> WatchRegistry::Largest() const {
  const auto has_less = [](const auto& a, const auto& b) { return a.second->buffered_bytes() < b.second->buffered_bytes(); };
  absl::MutexLock lock(&mutex_);
  const auto found = std::max_element(watches_.begin(), watches_.end(), has_less);
  return found == watches_.end() ? nullptr : found->second;
}

void WatchRegistry::OnPublished() {
  absl::MutexLock lock(&dispatch_mutex_);
  has_more_ = true;
}

void WatchRegistry::DispatchLoop() {
  const auto is_ready = [this]() ABSL_SHARED_LOCKS_REQUIRED(dispatch_mutex_) { return has_more_ || is_dispatch_stopping_; };
  while (true) {
    {
      absl::MutexLock lock(&dispatch_mutex_);
      dispatch_mutex_.Await(absl::Condition(&is_ready));
      if (is_dispatch_stopping_) return;
      has_more_ = false;
    }
    const auto begin = std::chrono::steady_clock::now();
    Wake(hub_.Dispatch());
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begin;
    if (pause_.WaitFor(std::min<std::chrono::nanoseconds>(took, limits::kMaxCoalesceTime))) return;
  }
}

void WatchRegistry::Wake(std::vector<subscription::WaiterPtr> waiters) {
  while (waiters.size() > kMaxRunAtOnce) {
    const auto begin = waiters.end() - kMaxRunAtOnce;
    std::vector<subscription::WaiterPtr> some(std::make_move_iterator(begin), std::make_move_iterator(waiters.end()));
    waiters.erase(begin, waiters.end());
    const bool is_taken = helpers_.Run([some = std::move(some)] {
      for (const auto& waiter : some) waiter->OnMore();
    });
    if (!is_taken) return;  // the registry goes away
  }
  for (const auto& waiter : waiters) waiter->OnMore();
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

uint64_t WatchRegistry::max_lag() const {
  uint64_t lag = 0;
  for (const auto& watch : All()) lag = std::max(lag, watch->lag());
  return lag;
}

std::vector<std::shared_ptr<Watch>> WatchRegistry::All() const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::shared_ptr<Watch>> all;
  all.reserve(watches_.size());
  for (const auto& [reactor, watch] : watches_) all.push_back(watch);
  return all;
}

void WatchRegistry::TickLoop() {
  while (!pause_.WaitFor(tick_interval_)) TickAll();
}

}  // namespace demarche::rpc
