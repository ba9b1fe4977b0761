#ifndef DEMARCHE_SERVER_RPC_CONSUME_H_
#define DEMARCHE_SERVER_RPC_CONSUME_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "demarche/v1/subscription_service.pb.h"
#include "server/rpc/duplex.h"
#include "server/subscriptions/subscriptions.h"

namespace demarche::rpc {

// One Consume call: a member of the group that its first request names. Requests and messages are made on different threads; the
// lock guards what they share.
class Consume : public Duplex {
 public:
  // Log and subscriptions outlive it.
  Consume(grpc::CallbackServerContext* context, const DuplexShared& shared, const log::EventLog& log,
          const subscriptions::Subscriptions& subscriptions);

 private:
  // The group and its place in it; no group before it has joined.
  struct Seat {
    subscriptions::GroupPtr group;
    subscriptions::MemberId member = 0;
  };

  absl::Status Receive(const std::string& bytes) override ABSL_LOCKS_EXCLUDED(mutex_);
  bool MayReceive() override ABSL_LOCKS_EXCLUDED(mutex_);
  void ReceivedAll() override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Outcome> Advance(bool may_read) override ABSL_LOCKS_EXCLUDED(mutex_);
  grpc::ByteBuffer DrainingMessage() override;
  std::string Position() override ABSL_LOCKS_EXCLUDED(mutex_);
  void Leave() override ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Status Join(const std::string& name) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Grant(const v1::Credit& grant) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::vector<subscriptions::Range>> RangesOf(
      const google::protobuf::RepeatedPtrField<v1::PositionRange>& ranges) const;
  absl::Status Nack(const Seat& seat, const v1::Nack& nack);
  Outcome Send(const Seat& seat, const subscriptions::Share& share) ABSL_LOCKS_EXCLUDED(mutex_);
  Seat seat() const ABSL_LOCKS_EXCLUDED(mutex_);

  const log::EventLog& log_;
  const subscriptions::Subscriptions& subscriptions_;
  const std::string epoch_;
  bool is_started_ = false;  // of the thread that makes messages

  mutable absl::Mutex mutex_;
  Seat seat_ ABSL_GUARDED_BY(mutex_);
  subscriptions::Credit credit_ ABSL_GUARDED_BY(mutex_);
  bool is_bounded_by_bytes_ ABSL_GUARDED_BY(mutex_) = false;  // credit of bytes was granted once
  bool is_read_out_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_CONSUME_H_
