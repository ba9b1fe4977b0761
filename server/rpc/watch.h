#ifndef DEMARCHE_SERVER_RPC_WATCH_H_
#define DEMARCHE_SERVER_RPC_WATCH_H_

#include <atomic>
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
#include "server/subscription/cursor.h"
#include "server/subscription/hub.h"
#include "server/threads/executor.h"

namespace demarche::rpc {

using TimePoint = std::chrono::steady_clock::time_point;

struct WatchOptions {
  std::chrono::milliseconds progress_interval = limits::kProgressInterval;
  std::chrono::milliseconds max_write_time = limits::kMaxWriteTime;
  std::function<TimePoint()> now = std::chrono::steady_clock::now;
};

// What all watches share; outlives them.
struct WatchShared {
  const log::EventLog& log;
  const subscription::Hub& hub;
  threads::Executor& executor;  // takes one job of each watch at a time
  std::function<void(grpc::ServerWriteReactor<grpc::ByteBuffer>*)> on_done;
  std::atomic<uint64_t>& cut_count;  // of slow consumers
  const WatchOptions options;
};

// One WatchEvents call. Its cursor moves on a thread of the executor, one step and one write at a time; gRPC's callback threads
// only flip flags and schedule. Starting a write and finishing happen under one lock, for a cancelled call finishes at any time.
// Lives until OnDone and until its last job ended, whichever is later.
class Watch : public grpc::ServerWriteReactor<grpc::ByteBuffer>, public std::enable_shared_from_this<Watch> {
 public:
  Watch(grpc::CallbackServerContext* context, v1::WatchEventsRequest request, const WatchShared& shared);

  // Something may have changed: looks at it soon, on the executor.
  void Wake() ABSL_LOCKS_EXCLUDED(mutex_);
  // Sends Progress when idle for long; cuts a write that is incomplete for too long.
  void Tick(TimePoint now) ABSL_LOCKS_EXCLUDED(mutex_);
  // Sends Draining, then ends.
  void Drain() ABSL_LOCKS_EXCLUDED(mutex_);

  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCancel() override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnDone() override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Schedule() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  // One step. True when there may be more to do at once.
  bool Advance() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Open();
  void Send(const subscription::Step& step) ABSL_LOCKS_EXCLUDED(mutex_);
  void SendProgressIfDue() ABSL_LOCKS_EXCLUDED(mutex_);
  void SendGap(const subscription::Lost& lost) ABSL_LOCKS_EXCLUDED(mutex_);
  void SendDraining() ABSL_LOCKS_EXCLUDED(mutex_);
  void Write(grpc::ByteBuffer message, std::optional<absl::Status> last = std::nullopt) ABSL_LOCKS_EXCLUDED(mutex_);
  void End(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string Format(uint64_t position) const;

  const WatchShared& shared_;
  const v1::WatchEventsRequest request_;
  const std::string epoch_;

  // Used by the one running job.
  std::optional<subscription::Cursor> cursor_;
  std::optional<subscription::Lost> lost_at_start_;

  absl::Mutex mutex_;
  grpc::CallbackServerContext* context_ ABSL_GUARDED_BY(mutex_);  // null after OnDone
  bool is_scheduled_ ABSL_GUARDED_BY(mutex_) = false;             // a job waits or runs
  bool is_woken_ ABSL_GUARDED_BY(mutex_) = false;                 // while the job ran
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_finished_ ABSL_GUARDED_BY(mutex_) = false;
  TimePoint changed_ ABSL_GUARDED_BY(mutex_);                 // when the last write began, or the call finished
  std::optional<absl::Status> last_ ABSL_GUARDED_BY(mutex_);  // ends the call after the write under way
  uint64_t sending_position_ ABSL_GUARDED_BY(mutex_) = 0;     // reached with the write under way
  uint64_t sent_position_ ABSL_GUARDED_BY(mutex_) = 0;        // reached with the write before
  grpc::ByteBuffer buffer_;                                   // of the write under way
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_WATCH_H_
