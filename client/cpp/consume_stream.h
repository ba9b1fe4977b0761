#ifndef DEMARCHE_CLIENT_CPP_CONSUME_STREAM_H_
#define DEMARCHE_CLIENT_CPP_CONSUME_STREAM_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/cpp/error.h"
#include "demarche/v1/subscription_service.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/client_callback.h"

namespace demarche::client {

// One Consume stream, read and written in the background: what comes waits here until it is asked for, and what is to be said is
// gathered while a write is under way. Each event is answered by a range of its own, as a wider one could take in an event that
// comes while it is on its way. All methods may be called from any thread. Lives for one connection.
class ConsumeStream final : private grpc::ClientBidiReactor<v1::ConsumeRequest, v1::ConsumeResponse> {
 public:
  ConsumeStream(v1::SubscriptionService::Stub& stub, const std::string& subscription, uint64_t credit);
  // Cancels the stream when it has not ended.
  ~ConsumeStream() override;
  ConsumeStream(const ConsumeStream&) = delete;
  ConsumeStream& operator=(const ConsumeStream&) = delete;

  // Waits for a batch, a gap or results of acknowledgements. Nothing when the stream has ended, or Wake was called, or the server
  // said nothing for so long: the stream is cancelled then.
  std::optional<v1::ConsumeResponse> Read(absl::Duration silence_limit);
  // Makes Read return nothing, now or the next time.
  void Wake();

  void Ack(const std::string& position);
  void Nack(const std::string& position, absl::Duration delay);
  void Grant(uint64_t events);

  // Says what is left to say, and that this was all: the server ends the stream once what was acknowledged is on its disk.
  void EndWrites();
  void Cancel() { context_.TryCancel(); }
  bool has_ended() const;
  // Whether the server has said anything.
  bool was_heard() const;
  // Cancels what has not ended, and says how it ended.
  Error Finish();

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void WriteOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool TakeRequest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  grpc::ClientContext context_;
  v1::ConsumeResponse response_;  // of the read under way
  v1::ConsumeRequest request_;    // of the write under way

  mutable absl::Mutex mutex_;
  std::deque<v1::ConsumeResponse> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> acks_ ABSL_GUARDED_BY(mutex_);                             // positions not yet sent
  std::map<absl::Duration, std::vector<std::string>> nacks_ ABSL_GUARDED_BY(mutex_);  // the same, by delay
  uint64_t credit_ ABSL_GUARDED_BY(mutex_) = 0;                                       // not yet sent
  absl::Time last_heard_ ABSL_GUARDED_BY(mutex_);
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = true;  // the first request
  bool ends_writes_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_read_out_ ABSL_GUARDED_BY(mutex_) = false;  // nothing may be started any more
  bool was_heard_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_silent_ ABSL_GUARDED_BY(mutex_) = false;  // was given up
  std::optional<grpc::Status> status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_CONSUME_STREAM_H_
