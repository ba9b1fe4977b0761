#ifndef DEMARCHE_SERVER_RPC_SUBSCRIPTION_SERVICE_H_
#define DEMARCHE_SERVER_RPC_SUBSCRIPTION_SERVICE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "demarche/v1/subscription_service.grpc.pb.h"
#include "server/log/event_log.h"
#include "server/rpc/duplex_registry.h"
#include "server/subscription/hub.h"
#include "server/subscriptions/subscriptions.h"
#include "server/threads/executor.h"
#include "server/threads/pause.h"

namespace demarche::rpc {

struct SubscriptionServiceOptions {
  std::function<TimePoint()> now = std::chrono::steady_clock::now;
  std::chrono::milliseconds tick_interval{100};  // how late a lease may end; 0: only Tick()
  // Of all streams that share it.
  std::shared_ptr<WriteBudget> budget = std::make_shared<WriteBudget>(limits::kMaxBufferedBytes);
};

namespace internal {
using SubscriptionServiceBase =
    v1::SubscriptionService::WithRawCallbackMethod_Consume<v1::SubscriptionService::WithCallbackMethod_CreateSubscription<
        v1::SubscriptionService::WithCallbackMethod_GetSubscription<v1::SubscriptionService::WithCallbackMethod_ListSubscriptions<
            v1::SubscriptionService::WithCallbackMethod_UpdateSubscription<
                v1::SubscriptionService::WithCallbackMethod_DeleteSubscription<
                    v1::SubscriptionService::WithCallbackMethod_SeekSubscription<
                        v1::SubscriptionService::WithCallbackMethod_ListDeadLetters<
                            v1::SubscriptionService::WithCallbackMethod_ReplayDeadLetters<v1::SubscriptionService::Service>>>>>>>>>;
}  // namespace internal

// Durable subscriptions: owns them, the thread that commits what they have done, and the clock that ends their leases. Log and hub
// outlive it; it outlives the gRPC server that it is registered with, and what dispatches the hub.
class SubscriptionService final : public internal::SubscriptionServiceBase {
 public:
  // DATA_LOSS when what the log keeps of subscriptions is damaged.
  static absl::StatusOr<std::unique_ptr<SubscriptionService>> Open(log::EventLog& log, subscription::Hub& hub,
                                                                   SubscriptionServiceOptions options);
  ~SubscriptionService() override;

  // Ends all streams with Draining and takes no more.
  void Drain() { streams_.Drain(); }
  // Records that end after it are needed by a subscription.
  uint64_t keep_after() const { return subscriptions_->keep_after(); }
  // See Subscriptions. Waits for the disk.
  absl::Status FinishPurges() { return subscriptions_->FinishPurges(); }
  // What the ticker does, for tests that keep the time.
  void Tick();

  grpc::ServerUnaryReactor* CreateSubscription(grpc::CallbackServerContext* context, const v1::CreateSubscriptionRequest* request,
                                               v1::CreateSubscriptionResponse* response) override;
  grpc::ServerUnaryReactor* GetSubscription(grpc::CallbackServerContext* context, const v1::GetSubscriptionRequest* request,
                                            v1::GetSubscriptionResponse* response) override;
  grpc::ServerUnaryReactor* ListSubscriptions(grpc::CallbackServerContext* context, const v1::ListSubscriptionsRequest* request,
                                              v1::ListSubscriptionsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateSubscription(grpc::CallbackServerContext* context, const v1::UpdateSubscriptionRequest* request,
                                               v1::UpdateSubscriptionResponse* response) override;
  grpc::ServerUnaryReactor* DeleteSubscription(grpc::CallbackServerContext* context, const v1::DeleteSubscriptionRequest* request,
                                               v1::DeleteSubscriptionResponse* response) override;
  grpc::ServerUnaryReactor* SeekSubscription(grpc::CallbackServerContext* context, const v1::SeekSubscriptionRequest* request,
                                             v1::SeekSubscriptionResponse* response) override;
  grpc::ServerUnaryReactor* ListDeadLetters(grpc::CallbackServerContext* context, const v1::ListDeadLettersRequest* request,
                                            v1::ListDeadLettersResponse* response) override;
  grpc::ServerUnaryReactor* ReplayDeadLetters(grpc::CallbackServerContext* context, const v1::ReplayDeadLettersRequest* request,
                                              v1::ReplayDeadLettersResponse* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Consume(grpc::CallbackServerContext* context) override;

 private:
  SubscriptionService(log::EventLog& log, SubscriptionServiceOptions options);
  void CommitLoop() ABSL_LOCKS_EXCLUDED(mutex_);
  void TickLoop() ABSL_LOCKS_EXCLUDED(mutex_);

  log::EventLog& log_;
  const SubscriptionServiceOptions options_;

  absl::Mutex mutex_;
  bool is_dirty_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
  threads::Pause pause_;  // between ticks

  threads::Executor wakers_;   // run the streams for which there is more
  threads::Executor workers_;  // read the log, and wait for the disk
  DuplexRegistry streams_;
  std::unique_ptr<subscriptions::Subscriptions> subscriptions_;
  std::thread committer_;
  std::thread ticker_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_SUBSCRIPTION_SERVICE_H_
