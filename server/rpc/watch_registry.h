#ifndef DEMARCHE_SERVER_RPC_WATCH_REGISTRY_H_
#define DEMARCHE_SERVER_RPC_WATCH_REGISTRY_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/rpc/watch.h"

namespace demarche::rpc {

// All open watches, the threads that move them and the clock that ticks for them. Any thread may call it. Destroyed after the gRPC
// server, when no call is left.
class WatchRegistry {
 public:
  // A tick interval of 0 leaves ticking to the caller.
  WatchRegistry(const log::EventLog& log, const subscription::Hub& hub, int threads, std::chrono::milliseconds tick_interval,
                WatchOptions options);
  ~WatchRegistry();
  WatchRegistry(const WatchRegistry&) = delete;
  WatchRegistry& operator=(const WatchRegistry&) = delete;

  // Starts a watch; gRPC owns the call, the registry the object. Null when draining.
  Watch* Start(grpc::CallbackServerContext* context, v1::WatchEventsRequest request);

  // Wakes all, on a thread of the registry: the caller does not wait.
  void WakeAll();
  void TickAll();
  // Ends all with Draining and takes no more.
  void Drain();

  size_t size() const;
  uint64_t cut_count() const { return cut_count_.load(); }

 private:
  std::vector<std::shared_ptr<Watch>> All() const;
  void TickLoop();

  const std::chrono::milliseconds tick_interval_;
  std::atomic<bool> is_waking_{false};  // a WakeAll is on its way
  std::atomic<uint64_t> cut_count_{0};  // watches ended for a write that stayed incomplete

  mutable absl::Mutex mutex_;
  std::unordered_map<grpc::ServerWriteReactor<grpc::ByteBuffer>*, std::shared_ptr<Watch>> watches_ ABSL_GUARDED_BY(mutex_);
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;

  const WatchShared shared_;
  threads::Executor executor_;  // after what its jobs use
  std::thread ticker_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_WATCH_REGISTRY_H_
