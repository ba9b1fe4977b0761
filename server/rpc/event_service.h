#ifndef DEMARCHE_SERVER_RPC_EVENT_SERVICE_H_
#define DEMARCHE_SERVER_RPC_EVENT_SERVICE_H_

#include <chrono>
#include <memory>

#include "absl/status/status.h"
#include "demarche/v1/event_service.grpc.pb.h"
#include "server/log/event_log.h"
#include "server/rpc/duplex_registry.h"
#include "server/rpc/watch.h"
#include "server/rpc/watch_registry.h"
#include "server/subscription/hub.h"
#include "server/threads/executor.h"

namespace demarche::rpc {

struct EventServiceOptions {
  int watch_threads = 2;                          // each: read the log for watches that lag; help to wake those that do not
  std::chrono::milliseconds tick_interval{1000};  // 0: only Tick()
  WatchOptions watch;
  // Of all streams that share it.
  std::shared_ptr<WriteBudget> budget = std::make_shared<WriteBudget>(limits::kMaxBufferedBytes);
};

namespace internal {
using WithUnaryEvents = v1::EventService::WithCallbackMethod_ListEvents<
    v1::EventService::WithCallbackMethod_GetEvent<v1::EventService::WithCallbackMethod_ListEventRevisions<
        v1::EventService::WithCallbackMethod_ListEvidence<v1::EventService::WithCallbackMethod_GetStreamInfo<
            v1::EventService::WithCallbackMethod_ValidateFilter<v1::EventService::Service>>>>>>;
using EventServiceBase =
    v1::EventService::WithRawCallbackMethod_WatchEvents<v1::EventService::WithRawCallbackMethod_Subscribe<WithUnaryEvents>>;
}  // namespace internal

// Gives events out. Watches run on threads of its own, look-ups on `readers`. Log, hub and readers outlive it; it outlives the gRPC
// server that it is registered with, and the hub publishes no more when it is destroyed.
class EventService final : public internal::EventServiceBase {
 public:
  EventService(const log::EventLog& log, subscription::Hub& hub, threads::Executor& readers, EventServiceOptions options);
  ~EventService() override;

  // Ends all watches with Draining and takes no more.
  void Drain() {
    watches_->Drain();
    subscribers_.Drain();
  }
  size_t watch_count() const { return watches_->size(); }
  // How many positions the watch that was sent the least is behind the end of the log.
  uint64_t max_lag() const { return watches_->max_lag(); }
  // What is in incomplete writes, and who was cut for reading too slowly.
  const WriteBudget& budget() const { return *budget_; }
  // What the ticker does, for tests that keep the time.
  void Tick() {
    watches_->TickAll();
    subscribers_.TickAll();
  }

  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchEvents(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Subscribe(grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListEvents(grpc::CallbackServerContext* context, const v1::ListEventsRequest* request,
                                       v1::ListEventsResponse* response) override;
  grpc::ServerUnaryReactor* GetEvent(grpc::CallbackServerContext* context, const v1::GetEventRequest* request,
                                     v1::GetEventResponse* response) override;
  grpc::ServerUnaryReactor* ListEventRevisions(grpc::CallbackServerContext* context, const v1::ListEventRevisionsRequest* request,
                                               v1::ListEventRevisionsResponse* response) override;
  grpc::ServerUnaryReactor* ListEvidence(grpc::CallbackServerContext* context, const v1::ListEvidenceRequest* request,
                                         v1::ListEvidenceResponse* response) override;
  grpc::ServerUnaryReactor* GetStreamInfo(grpc::CallbackServerContext* context, const v1::GetStreamInfoRequest* request,
                                          v1::GetStreamInfoResponse* response) override;
  grpc::ServerUnaryReactor* ValidateFilter(grpc::CallbackServerContext* context, const v1::ValidateFilterRequest* request,
                                           v1::ValidateFilterResponse* response) override;

 private:
  const log::EventLog& log_;
  subscription::Hub& hub_;
  threads::Executor& readers_;
  const std::shared_ptr<WriteBudget> budget_;
  threads::Executor log_readers_;  // for subscribers that lag
  DuplexRegistry subscribers_;
  const std::shared_ptr<WatchRegistry> watches_;
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_EVENT_SERVICE_H_
