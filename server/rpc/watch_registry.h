#ifndef DEMARCHE_SERVER_RPC_WATCH_REGISTRY_H_
#define DEMARCHE_SERVER_RPC_WATCH_REGISTRY_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/rpc/watch.h"
#include "server/threads/executor.h"
#include "server/threads/pause.h"

namespace demarche::rpc {

// All open watches, the threads that move them and the clock that ticks for them. One thread dispatches what was published and runs
// those that wait for it, with help when they are many; after that it rests as long as it took, at most kMaxCoalesceTime, so that
// under load more goes together. Any thread may call it. Destroyed after the gRPC server, when no call is left.
class WatchRegistry {
 public:
  // A tick interval of 0 leaves ticking to the caller.
  WatchRegistry(const log::EventLog& log, subscription::Hub& hub, int threads, std::chrono::milliseconds tick_interval,
                WatchOptions options, WriteBudget& budget);
  ~WatchRegistry();
  WatchRegistry(const WatchRegistry&) = delete;
  WatchRegistry& operator=(const WatchRegistry&) = delete;

  // Starts a watch; gRPC owns the call, the registry the object. Null when draining.
  Watch* Start(grpc::CallbackServerContext* context, v1::WatchEventsRequest request);

  // The hub has more: the caller does not wait.
  void OnPublished();
  void TickAll();
  // Ends all with Draining and takes no more.
  void Drain();

  size_t size() const;
  // Of the watch that was sent the least.
  uint64_t max_lag() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  std::vector<std::shared_ptr<Watch>> All() const;
  void Erase(grpc::ServerWriteReactor<grpc::ByteBuffer>* watch);
  std::shared_ptr<BufferedStream> Largest() const ABSL_LOCKS_EXCLUDED(mutex_);
  void TickLoop();
  void DispatchLoop();
  void Wake(std::vector<subscription::WaiterPtr> waiters);

  subscription::Hub& hub_;
  const std::chrono::milliseconds tick_interval_;

  mutable absl::Mutex mutex_;
  std::unordered_map<grpc::ServerWriteReactor<grpc::ByteBuffer>*, std::shared_ptr<Watch>> watches_ ABSL_GUARDED_BY(mutex_);
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;

  absl::Mutex dispatch_mutex_;
  bool has_more_ ABSL_GUARDED_BY(dispatch_mutex_) = false;  // to be dispatched
  bool is_dispatch_stopping_ ABSL_GUARDED_BY(dispatch_mutex_) = false;

  threads::Pause pause_;  // between ticks, and of the dispatching thread

  const WatchShared shared_;
  // After what their jobs use.
  threads::Executor readers_;  // of the log
  threads::Executor helpers_;  // of the dispatching thread
  std::thread ticker_;
  std::thread dispatcher_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_WATCH_REGISTRY_H_
