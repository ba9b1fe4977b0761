#include "server/rpc/duplex_registry.h"

#include <algorithm>
#include <utility>

#include "server/error/error.h"
#include "server/rpc/status.h"

namespace demarche::rpc {
namespace {

using Reactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

// A stream that ends at once.
class Refused : public Reactor {
 public:
  explicit Refused(const absl::Status& status) { Finish(ToGrpc(status)); }
  void OnDone() override { delete this; }
};

}  // namespace

DuplexRegistry::DuplexRegistry(threads::Executor& executor, std::function<TimePoint()> now, std::chrono::milliseconds tick_interval,
                               WriteBudget& budget)
    : shared_{executor, [this](Duplex* stream) { Erase(stream); }, std::move(now), budget}, tick_interval_(tick_interval) {
  budget.AddStreams([this] { return Largest(); });
  if (tick_interval_.count() > 0) ticker_ = std::thread([this] { TickLoop(); });
}

DuplexRegistry::~DuplexRegistry() {
  pause_.End();
  if (ticker_.joinable()) ticker_.join();
}

void DuplexRegistry::TickLoop() {
  while (!pause_.WaitFor(tick_interval_)) TickAll();
}

Reactor* DuplexRegistry::Start(const std::function<std::shared_ptr<Duplex>()>& make) {
  std::shared_ptr<Duplex> stream;
  {
    const absl::MutexLock lock(&mutex_);
    if (!is_draining_) {
      stream = make();
      streams_.emplace(stream.get(), stream);
    }
  }
  if (stream == nullptr) {
    return new Refused(error::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DRAINING, "the server is shutting down",
                                   {.retry_after = limits::kRetryWhenDraining}));
  }
  stream->Open();
  return stream.get();
}

void DuplexRegistry::Erase(Duplex* stream) {
  std::shared_ptr<Duplex> done;  // deleted after the lock is released
  const absl::MutexLock lock(&mutex_);
  const auto found = streams_.find(stream);
  done = std::move(found->second);
  streams_.erase(found);
}

std::shared_ptr<BufferedStream> DuplexRegistry::Largest() const {
  const auto has_less = [](const auto& a, const auto& b) { return a.second->buffered_bytes() < b.second->buffered_bytes(); };
  const absl::MutexLock lock(&mutex_);
  const auto found = std::max_element(streams_.begin(), streams_.end(), has_less);
  return found == streams_.end() ? nullptr : found->second;
}

void DuplexRegistry::TickAll() {
  const TimePoint now = shared_.now();
  for (const auto& stream : All()) stream->Tick(now);
}

void DuplexRegistry::Drain() {
  {
    const absl::MutexLock lock(&mutex_);
    is_draining_ = true;
  }
  for (const auto& stream : All()) stream->Drain();
}

size_t DuplexRegistry::size() const {
  const absl::MutexLock lock(&mutex_);
  return streams_.size();
}

std::vector<std::shared_ptr<Duplex>> DuplexRegistry::All() const {
  const absl::MutexLock lock(&mutex_);
  std::vector<std::shared_ptr<Duplex>> all;
  all.reserve(streams_.size());
  for (const auto& [key, stream] : streams_) all.push_back(stream);
  return all;
}

}  // namespace demarche::rpc
