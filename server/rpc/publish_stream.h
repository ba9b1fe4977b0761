#ifndef DEMARCHE_SERVER_RPC_PUBLISH_STREAM_H_
#define DEMARCHE_SERVER_RPC_PUBLISH_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "demarche/v1/ingest_service.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "server/ingest/ingestor.h"
#include "server/rpc/call_trace.h"
#include "server/rpc/caller.h"

namespace demarche::rpc {

// What a stream may have unanswered.
struct WindowOptions {
  size_t max_items = limits::kMaxUnansweredItems;
  size_t max_bytes = limits::kMaxUnansweredBytes;
};

// Told what an item is answered.
using AnswerObserver = std::function<void(const absl::StatusOr<ingest::Published>&)>;

// One PublishNewsItems call: reads items while its window has room and the ingestor takes them, answers each in the order it came.
// Reactions and answers only flip flags and start the next read or write, under one lock. Lives until OnDone and until the last
// answer came, whichever is later.
class PublishStream : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                      public std::enable_shared_from_this<PublishStream> {
 public:
  using Self = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

  // `on_done` drops the owner's reference.
  PublishStream(grpc::CallbackServerContext* context, ingest::Ingestor& ingestor, Caller caller, CallTrace call_trace,
                std::string epoch, WindowOptions window, AnswerObserver on_answer, std::function<void(Self*)> on_done);

  // Grants the window and reads the first item.
  void Start() ABSL_LOCKS_EXCLUDED(mutex_);
  // Reads no more; ends with DRAINING when all that was read is answered.
  void Drain() ABSL_LOCKS_EXCLUDED(mutex_);

  void OnReadDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCancel() override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnDone() override;

 private:
  // An item read and not yet answered on the wire.
  struct Slot {
    size_t bytes;
    std::optional<v1::PublishNewsItemsResponse> response;
  };

  void Take(uint64_t sequence, v1::NewsItem item, const tracing::ItemTracePtr& trace) ABSL_LOCKS_EXCLUDED(mutex_);
  void Answered(uint64_t sequence, const absl::StatusOr<ingest::Published>& result) ABSL_LOCKS_EXCLUDED(mutex_);
  void ReadIfRoom() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WriteOrFinish() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  ingest::Ingestor& ingestor_;
  const Caller caller_;
  const CallTrace call_trace_;
  const std::string epoch_;
  const WindowOptions window_;
  const AnswerObserver on_answer_;
  const std::function<void(Self*)> on_done_;
  grpc::CallbackServerContext* const context_;  // used before Finish alone

  absl::Mutex mutex_;
  std::deque<Slot> slots_ ABSL_GUARDED_BY(mutex_);
  uint64_t first_sequence_ ABSL_GUARDED_BY(mutex_) = 1;  // of the first slot
  size_t unanswered_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool is_reading_ ABSL_GUARDED_BY(mutex_) = false;   // a read is under way
  bool is_holding_ ABSL_GUARDED_BY(mutex_) = false;   // an item read waits until the ingestor has room
  bool is_read_out_ ABSL_GUARDED_BY(mutex_) = false;  // the client has closed its side
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_finished_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::ByteBuffer incoming_;  // of the read under way
  grpc::ByteBuffer outgoing_;  // of the write under way
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_PUBLISH_STREAM_H_
