#ifndef DEMARCHE_SERVER_RPC_INGEST_SERVICE_H_
#define DEMARCHE_SERVER_RPC_INGEST_SERVICE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "demarche/v1/ingest_service.grpc.pb.h"
#include "server/ingest/ingestor.h"
#include "server/log/event_log.h"
#include "server/rpc/publish_stream.h"
#include "server/threads/executor.h"
#include "server/tracing/tracer.h"

namespace demarche::rpc {

// A purge, for the audit.
struct PurgeNote {
  std::string principal;
  std::string request_id;
  std::string publisher;
  std::string news_item_id;
  size_t changed_events = 0;
  absl::Status status{};
};

namespace internal {
using WithUnaryItems = v1::IngestService::WithCallbackMethod_RetractNewsItem<v1::IngestService::WithCallbackMethod_GetNewsItem<
    v1::IngestService::WithCallbackMethod_GetNewsItemStatus<v1::IngestService::Service>>>;
using IngestServiceBase = v1::IngestService::WithRawCallbackMethod_PublishNewsItem<
    v1::IngestService::WithRawCallbackMethod_PublishNewsItems<WithUnaryItems>>;
}  // namespace internal

// What a purge asks for besides its withdrawal.
struct PurgeOptions {
  // Finishes what the ingestor began, from a thread of the service; may take a while.
  std::function<absl::Status()> finish{[] { return absl::OkStatus(); }};
  // Told of each that is to be answered, from any thread.
  std::function<void(const PurgeNote&)> on_done{[](const PurgeNote&) {}};
};

// Takes items in. Requests come as bytes, so that one that is not UTF-8 is answered and not just dropped. Ingestor, log, readers
// and tracer outlive it; it outlives the gRPC server that it is registered with.
class IngestService final : public internal::IngestServiceBase {
 public:
  // `on_answer` is told what each item is answered, from any thread.
  IngestService(ingest::Ingestor& ingestor, const log::EventLog& log, threads::Executor& readers, tracing::Tracer& tracer,
                WindowOptions window = {}, AnswerObserver on_answer = nullptr, PurgeOptions purge = {});

  // Streams read no more and end when all they read is answered. Before Ingestor::Drain, so that nothing read is refused.
  void Drain();

  grpc::ServerUnaryReactor* PublishNewsItem(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* PublishNewsItems(grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* RetractNewsItem(grpc::CallbackServerContext* context, const v1::RetractNewsItemRequest* request,
                                            v1::RetractNewsItemResponse* response) override;
  grpc::ServerUnaryReactor* GetNewsItem(grpc::CallbackServerContext* context, const v1::GetNewsItemRequest* request,
                                        v1::GetNewsItemResponse* response) override;
  grpc::ServerUnaryReactor* GetNewsItemStatus(grpc::CallbackServerContext* context, const v1::GetNewsItemStatusRequest* request,
                                              v1::GetNewsItemStatusResponse* response) override;

 private:
  using Retraction = std::function<void(const absl::StatusOr<ingest::Published>&)>;
  // Answers once nothing is left of the item.
  Retraction AfterPurge(PurgeNote note, Retraction answer);

  ingest::Ingestor& ingestor_;
  const log::EventLog& log_;
  threads::Executor& readers_;
  tracing::Tracer& tracer_;
  const WindowOptions window_;
  const AnswerObserver on_answer_;
  const PurgeOptions purge_;
  const std::string epoch_;

  absl::Mutex mutex_;
  std::unordered_map<PublishStream::Self*, std::shared_ptr<PublishStream>> streams_ ABSL_GUARDED_BY(mutex_);
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;

  threads::Executor purgers_;  // one at a time
};

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_INGEST_SERVICE_H_
