#ifndef DEMARCHE_SERVER_RPC_SUBSCRIBE_H_
#define DEMARCHE_SERVER_RPC_SUBSCRIBE_H_

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "demarche/v1/event_service.pb.h"
#include "server/log/event_log.h"
#include "server/rpc/caller.h"
#include "server/rpc/duplex.h"
#include "server/subscription/feed.h"
#include "server/subscription/hub.h"

namespace demarche::rpc {

// One Subscribe call: a watch with credit, whose filters may change. Requests are put aside as they come and obeyed, in order, by
// the thread that makes the messages.
class Subscribe : public Duplex {
 public:
  // Log and hub outlive it.
  Subscribe(grpc::CallbackServerContext* context, const DuplexShared& shared, const log::EventLog& log, subscription::Hub& hub);

 private:
  absl::Status Receive(const std::string& bytes) override ABSL_LOCKS_EXCLUDED(mutex_);
  bool MayReceive() override ABSL_LOCKS_EXCLUDED(mutex_);
  void ReceivedAll() override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Outcome> Advance(bool may_read) override ABSL_LOCKS_EXCLUDED(mutex_);
  grpc::ByteBuffer DrainingMessage() override;
  std::string Position() override ABSL_LOCKS_EXCLUDED(mutex_);
  void Leave() override;

  // True when it wrote something or ended the call.
  absl::StatusOr<bool> Obey(const v1::SubscribeRequest& request);
  absl::Status Begin(const v1::WatchEventsRequest& start);
  absl::Status HoldFilters(const subscription::NamedFilters& filters);
  absl::StatusOr<Outcome> Send(const subscription::Step& step);
  void WriteMessage(const grpc::ByteBuffer& message);
  void WritePong(uint64_t nonce);
  void NotePosition() ABSL_LOCKS_EXCLUDED(mutex_);

  const log::EventLog& log_;
  subscription::Hub& hub_;
  const std::string epoch_;

  // Of the thread that makes messages.
  std::optional<subscription::Feed> feed_;  // once it has begun
  HeldFilters held_filters_;
  std::optional<subscription::Lost> lost_at_start_;

  mutable absl::Mutex mutex_;
  std::deque<v1::SubscribeRequest> requests_ ABSL_GUARDED_BY(mutex_);
  bool is_read_out_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t position_ ABSL_GUARDED_BY(mutex_) = 0;  // reached before the write under way
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_SUBSCRIBE_H_
