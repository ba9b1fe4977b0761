#ifndef DEMARCHE_SERVER_RPC_DUPLEX_REGISTRY_H_
#define DEMARCHE_SERVER_RPC_DUPLEX_REGISTRY_H_

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/rpc/duplex.h"
#include "server/threads/executor.h"
#include "server/threads/pause.h"

namespace demarche::rpc {

// The open streams of one kind. Any thread may call it. Destroyed after the gRPC server, when no call is left.
class DuplexRegistry {
 public:
  // A tick interval of 0 leaves ticking to the caller.
  DuplexRegistry(threads::Executor& executor, std::function<TimePoint()> now, std::chrono::milliseconds tick_interval,
                 WriteBudget& budget);
  ~DuplexRegistry();
  DuplexRegistry(const DuplexRegistry&) = delete;
  DuplexRegistry& operator=(const DuplexRegistry&) = delete;

  const DuplexShared& shared() const { return shared_; }
  // Begins a stream that was made with shared(); gRPC owns the call, the registry the object. A refusal (DRAINING) when draining.
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Start(const std::function<std::shared_ptr<Duplex>()>& make);
  void TickAll();
  // Ends all with Draining and takes no more.
  void Drain();
  size_t size() const;

 private:
  std::vector<std::shared_ptr<Duplex>> All() const;
  void Erase(Duplex* stream);
  std::shared_ptr<BufferedStream> Largest() const;
  void TickLoop();

  const DuplexShared shared_;
  const std::chrono::milliseconds tick_interval_;
  mutable absl::Mutex mutex_;
  std::unordered_map<Duplex*, std::shared_ptr<Duplex>> streams_ ABSL_GUARDED_BY(mutex_);
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;

  threads::Pause pause_;  // between ticks
  std::thread ticker_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_DUPLEX_REGISTRY_H_
