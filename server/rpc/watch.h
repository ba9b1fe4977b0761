#ifndef DEMARCHE_SERVER_RPC_WATCH_H_
#define DEMARCHE_SERVER_RPC_WATCH_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "demarche/v1/event_service.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "server/limits/limits.h"
#include "server/log/event_log.h"
#include "server/rpc/caller.h"
#include "server/rpc/write_budget.h"
#include "server/subscription/cursor.h"
#include "server/subscription/hub.h"
#include "server/threads/executor.h"

namespace demarche::rpc {

struct WatchOptions {
  std::chrono::milliseconds progress_interval = limits::kProgressInterval;
  std::chrono::milliseconds max_write_time = limits::kMaxWriteTime;
  std::function<TimePoint()> now = std::chrono::steady_clock::now;
  std::function<void(uint64_t last_position, size_t events)> on_batch = nullptr;  // a batch is being sent
  std::function<void(uint64_t lost)> on_gap = nullptr;                            // a gap is being told
};

// What all watches share; outlives them.
struct WatchShared {
  const log::EventLog& log;
  subscription::Hub& hub;
  threads::Executor& executor;  // where the log is read; takes one job of each watch at a time
  std::function<void(grpc::ServerWriteReactor<grpc::ByteBuffer>*)> on_done;
  WriteBudget& budget;
  const WatchOptions options;
};

// One WatchEvents call. It runs on whichever thread has news for it, one at a time, and does one write at a time; only what must be
// read from the log is left to the executor. Starting a write and finishing happen under one lock, for a cancelled call
// finishes at any time. Lives until OnDone and until it ran last, whichever is later.
class Watch : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
              public subscription::Waiter,
              public BufferedStream,
              public std::enable_shared_from_this<Watch> {
 public:
  Watch(grpc::CallbackServerContext* context, v1::WatchEventsRequest request, const WatchShared& shared);

  // Begins, on the executor.
  void Open() ABSL_LOCKS_EXCLUDED(mutex_);
  // There is more for it: sends it, on this thread when it is at the live end. Does not block.
  void OnMore() override ABSL_LOCKS_EXCLUDED(mutex_);
  // Sends Progress when idle for long; cuts a write that is incomplete for too long.
  void Tick(TimePoint now) ABSL_LOCKS_EXCLUDED(mutex_);
  // Sends Draining, then ends.
  void Drain() ABSL_LOCKS_EXCLUDED(mutex_);
  bool Cut(const std::string& why) override ABSL_LOCKS_EXCLUDED(mutex_);
  // Positions that the log has and that it was not yet sent, or not told to be of no concern to it.
  uint64_t lag() const ABSL_LOCKS_EXCLUDED(mutex_);
  uint64_t buffered_bytes() const override { return meter_.bytes(); }

  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCancel() override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnDone() override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // What a step led to.
  enum class Outcome { kDone, kMore, kMustRead };

  // Runs on this thread, or goes on where it runs already.
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  void RunOnExecutor() ABSL_LOCKS_EXCLUDED(mutex_);
  void Steps(bool may_read) ABSL_LOCKS_EXCLUDED(mutex_);
  void StopRunning() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Outcome Advance(bool may_read) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Begin();
  void Send(const subscription::Step& step) ABSL_LOCKS_EXCLUDED(mutex_);
  void SendProgressIfDue() ABSL_LOCKS_EXCLUDED(mutex_);
  void SendDraining() ABSL_LOCKS_EXCLUDED(mutex_);
  void Write(grpc::ByteBuffer message, std::optional<absl::Status> last = std::nullopt) ABSL_LOCKS_EXCLUDED(mutex_);
  void EndSlow(const std::string& why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Leave() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const WatchShared& shared_;
  const std::string epoch_;

  // Of the thread that runs it.
  std::unique_ptr<v1::WatchEventsRequest> request_;  // until it has begun
  HeldFilters held_filters_;
  std::optional<subscription::Cursor> cursor_;
  std::optional<subscription::Lost> lost_at_start_;

  mutable absl::Mutex mutex_;
  grpc::CallbackServerContext* context_ ABSL_GUARDED_BY(mutex_);  // null after OnDone
  bool is_running_ ABSL_GUARDED_BY(mutex_) = false;               // a thread runs it, or the executor will
  bool is_woken_ ABSL_GUARDED_BY(mutex_) = false;                 // meanwhile
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_finished_ ABSL_GUARDED_BY(mutex_) = false;
  TimePoint changed_ ABSL_GUARDED_BY(mutex_);                      // when the last write began, or the call finished
  std::chrono::milliseconds patience_ ABSL_GUARDED_BY(mutex_){0};  // how long the status may wait to be read
  std::optional<absl::Status> last_ ABSL_GUARDED_BY(mutex_);       // ends the call after the write under way
  uint64_t sending_position_ ABSL_GUARDED_BY(mutex_) = 0;          // reached with the write under way
  uint64_t sent_position_ ABSL_GUARDED_BY(mutex_) = 0;             // reached with the write before
  WriteMeter meter_;                                               // guarded too, but for its bytes
  grpc::ByteBuffer buffer_;                                        // of the write under way
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_WATCH_H_
