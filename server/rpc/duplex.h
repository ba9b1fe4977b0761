#ifndef DEMARCHE_SERVER_RPC_DUPLEX_H_
#define DEMARCHE_SERVER_RPC_DUPLEX_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "server/limits/limits.h"
#include "server/rpc/caller.h"
#include "server/rpc/write_budget.h"
#include "server/subscription/lane.h"
#include "server/threads/executor.h"

namespace demarche::rpc {

class Duplex;

// What all streams that are read and written share; outlives them.
struct DuplexShared {
  threads::Executor& executor;  // where the log is read; takes one job of each stream at a time
  std::function<void(Duplex*)> on_done;
  std::function<TimePoint()> now;
  WriteBudget& budget;
};

// A bidirectional call that sends what comes and takes requests meanwhile: the part that Subscribe and Consume share. Requests come
// one at a time; messages are made one at a time, on whichever thread has news, and what must be read from the log on the executor.
// One write is under way; one that is incomplete for 30 s ends the call, or the largest of all when together they are too large.
// Starting a read or write and finishing happen under one lock, for a cancelled call finishes at any time. Lives until OnDone and
// until it ran last, whichever is later.
class Duplex : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
               public subscription::Waiter,
               public BufferedStream,
               public std::enable_shared_from_this<Duplex> {
 public:
  Duplex(grpc::CallbackServerContext* context, const DuplexShared& shared);

  // Begins to read.
  void Open() ABSL_LOCKS_EXCLUDED(mutex_);
  // There is more for it. Does not block.
  void OnMore() override { Run(); }
  void Tick(TimePoint now) ABSL_LOCKS_EXCLUDED(mutex_);
  // Sends Draining, then ends.
  void Drain() ABSL_LOCKS_EXCLUDED(mutex_);
  bool Cut(const std::string& why) override ABSL_LOCKS_EXCLUDED(mutex_);
  uint64_t buffered_bytes() const override { return meter_.bytes(); }

  void OnReadDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCancel() override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnDone() override ABSL_LOCKS_EXCLUDED(mutex_);

 protected:
  // What a step led to.
  enum class Outcome { kDone, kMore, kMustRead };

  // Takes a request. An error ends the call.
  virtual absl::Status Receive(const std::string& request) = 0;
  // Whether the next request may be read now.
  virtual bool MayReceive() { return true; }
  // The client sends no more.
  virtual void ReceivedAll() = 0;
  // Makes the next message, if there is any, and Writes it. An error ends the call.
  virtual absl::StatusOr<Outcome> Advance(bool may_read) = 0;
  virtual grpc::ByteBuffer DrainingMessage() = 0;
  // Where the client may go on.
  virtual std::string Position() = 0;
  // The call has ended, and none of the above runs or will run.
  virtual void Leave() = 0;

  void Write(grpc::ByteBuffer message, std::optional<absl::Status> last = std::nullopt) ABSL_LOCKS_EXCLUDED(mutex_);
  bool IsProgressDue() ABSL_LOCKS_EXCLUDED(mutex_);
  // What the client is to be told of how fast it reads.
  std::optional<v1::SlowConsumerWarning> TakeWarning() ABSL_LOCKS_EXCLUDED(mutex_);
  void Finish(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  void RunOnExecutor() ABSL_LOCKS_EXCLUDED(mutex_);
  void Steps(bool may_read) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Outcome> Step(bool may_read) ABSL_LOCKS_EXCLUDED(mutex_);
  void ReadOn() ABSL_LOCKS_EXCLUDED(mutex_);
  void EndSlow(const std::string& why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void LeaveIfQuiet() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const DuplexShared& shared_;
  const Caller caller_;

  absl::Mutex mutex_;
  grpc::CallbackServerContext* context_ ABSL_GUARDED_BY(mutex_);  // null after OnDone
  bool is_reading_ ABSL_GUARDED_BY(mutex_) = false;               // a read is under way, or its request is being taken
  bool is_receiving_ ABSL_GUARDED_BY(mutex_) = false;             // a request is being taken
  bool is_read_out_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_running_ ABSL_GUARDED_BY(mutex_) = false;  // a thread runs it, or the executor will
  bool is_woken_ ABSL_GUARDED_BY(mutex_) = false;    // meanwhile
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_finished_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_left_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_content_ ABSL_GUARDED_BY(mutex_) = false;                                    // the write under way is no warning
  std::chrono::milliseconds patience_ ABSL_GUARDED_BY(mutex_) = limits::kMaxWriteTime;  // how long the status may wait to be read
  TimePoint changed_ ABSL_GUARDED_BY(mutex_);                 // when the last write began, or the call finished
  std::optional<absl::Status> last_ ABSL_GUARDED_BY(mutex_);  // ends the call after the write under way
  WriteMeter meter_;                                          // guarded too, but for its bytes
  grpc::ByteBuffer incoming_;                                 // of the read under way
  grpc::ByteBuffer outgoing_;                                 // of the write under way
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_DUPLEX_H_
