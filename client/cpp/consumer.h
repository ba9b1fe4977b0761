#ifndef DEMARCHE_CLIENT_CPP_CONSUMER_H_
#define DEMARCHE_CLIENT_CPP_CONSUMER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/cpp/backoff.h"
#include "client/cpp/delivery_source.h"
#include "client/cpp/error.h"
#include "client/cpp/watcher.h"
#include "demarche/v1/subscription_service.grpc.pb.h"

namespace demarche::client {

class ConsumeStream;

// How to consume. The callbacks run on the thread that calls Next or Close.
struct ConsumerOptions {
  // Deliveries in hand at most: waiting here, handed out, or on the way. Each loses a delivery when this program ends, so not more
  // than can be dealt with within a lease.
  uint64_t max_in_hand = 64;
  // Ends after so many deliveries, and leases no more than those; 0 for no end.
  uint64_t limit = 0;
  // Connects again when the connection breaks, falls silent, the server goes away, or the subscription was moved.
  bool reconnect = true;
  BackoffOptions backoff = {};
  absl::Duration silence_limit = kSilenceLimit;
  // How long Close waits for confirmations.
  absl::Duration close_timeout = absl::Seconds(10);
  // Told before each wait: why the stream ended, and for how long will be waited.
  std::function<void(const Error&, absl::Duration)> on_reconnect = {};
  // Told of acknowledgements that are on the server's disk, and of those that came too late: their events went to another consumer,
  // or became dead letters.
  std::function<void(const v1::AckResult&)> on_ack_result = {};
  // Told of events that were dropped by the server's retention before they were delivered.
  std::function<void(const v1::Gap&)> on_gap = {};
};

// Takes part in a durable subscription, over as many connections as it takes: at least once, and not again once an acknowledgement
// is confirmed. What waits here when its lease or its connection ends is not handed out. Next, Run and Close by one thread; Ack,
// Nack, Stop and Cancel from any. Lives for one stay in the group.
class Consumer : public DeliverySource {
 public:
  Consumer(const std::shared_ptr<grpc::ChannelInterface>& channel, std::string subscription, ConsumerOptions options);
  // Cancels. What was not confirmed is delivered again.
  ~Consumer() override;
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  std::optional<Delivery> Next() override;
  bool Ack(const Delivery& delivery) override;
  bool Nack(const Delivery& delivery, absl::Duration delay) override;
  Error Close() override;

  // No more is handed out: Run ends when its handler has come back and what it dealt with is confirmed.
  void Stop();
  // Ends at once, without waiting for confirmations.
  void Cancel();

 private:
  bool Open();
  bool WaitToReconnect();
  void EndStream(ConsumeStream& stream);
  void Take(v1::ConsumeResponse response);
  void Tell(const v1::ConsumeResponse& response) const;
  std::optional<Delivery> TakeWaiting();
  bool Answer(const Delivery& delivery, const std::function<void(ConsumeStream&)>& answer);
  bool is_stopped() const;
  std::shared_ptr<ConsumeStream> stream() const;

  const std::string subscription_;
  const ConsumerOptions options_;
  const std::unique_ptr<v1::SubscriptionService::Stub> stub_;
  Backoff backoff_;

  // Of the thread that reads.
  absl::Duration lease_ = absl::InfiniteDuration();
  std::deque<Delivery> waiting_;
  uint64_t handed_out_ = 0;
  Error error_;

  mutable absl::Mutex mutex_;
  std::shared_ptr<ConsumeStream> stream_ ABSL_GUARDED_BY(mutex_);
  grpc::ClientContext* call_ ABSL_GUARDED_BY(mutex_) = nullptr;  // a look-up under way
  uint64_t connection_ ABSL_GUARDED_BY(mutex_) = 0;              // counts streams
  uint64_t ungranted_ ABSL_GUARDED_BY(mutex_) = 0;               // credit that the limit leaves for later
  bool is_stopped_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_CONSUMER_H_
