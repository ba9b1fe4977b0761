#include "server/rpc/ingest_service.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/error/error.h"
#include "server/ingest/coder.h"
#include "server/limits/limits.h"
#include "server/rpc/call_trace.h"
#include "server/rpc/caller.h"
#include "server/rpc/encode.h"
#include "server/rpc/publish.h"
#include "server/rpc/status.h"
#include "server/rpc/unary.h"

namespace demarche::rpc {
namespace {

constexpr char kRetractSpan[] = "retract";
constexpr size_t kMaxWaitingPurges = 1024;

// A stream that ends at once.
class RefusedStream : public PublishStream::Self {
 public:
  explicit RefusedStream(const absl::Status& status) { Finish(ToGrpc(status)); }
  void OnDone() override { delete this; }
};

absl::Status CheckKey(const std::string& publisher, const std::string& news_item_id) {
  const auto check = [](const char* field, const std::string& value, size_t limit) {
    if (value.size() <= limit) return absl::OkStatus();
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, field,
                           std::to_string(value.size()) + " bytes, at most " + std::to_string(limit));
  };
  if (news_item_id.empty()) return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "news_item_id", "empty, it is required");
  if (absl::Status status = check("news_item_id", news_item_id, limits::kMaxItemIdBytes); !status.ok()) return status;
  return check("publisher", publisher, limits::kMaxPublisherBytes);
}

}  // namespace

IngestService::IngestService(ingest::Ingestor& ingestor, const log::EventLog& log, threads::Executor& readers,
                             tracing::Tracer& tracer, WindowOptions window, AnswerObserver on_answer, PurgeOptions purge)
    : ingestor_(ingestor),
      log_(log),
      readers_(readers),
      tracer_(tracer),
      window_(window),
      on_answer_(on_answer ? std::move(on_answer) : [](const absl::StatusOr<ingest::Published>&) {}),
      purge_(std::move(purge)),
      epoch_(log.info().epoch),
      purgers_(1, kMaxWaitingPurges) {}

void IngestService::Drain() {
  std::vector<std::shared_ptr<PublishStream>> streams;
  {
    absl::MutexLock lock(&mutex_);
    is_draining_ = true;
    for (const auto& [reactor, stream] : streams_) streams.push_back(stream);
  }
  for (const auto& stream : streams) stream->Drain();
}

grpc::ServerUnaryReactor* IngestService::PublishNewsItem(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  const CallTrace call_trace(*context, tracer_);
  auto parsed = ReadRequest(*request);
  const tracing::ItemTracePtr trace =
      call_trace.Begin(kPublishSpan, parsed.ok() ? std::string_view(parsed->traceparent()) : std::string_view());
  const Caller caller = CallerOf(*context);
  absl::Status status = parsed.status();
  if (status.ok()) status = caller.TakeItem(request->Length());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto answer = [this, reactor, response, trace](const absl::StatusOr<ingest::Published>& result) {
    if (result.ok()) {
      v1::PublishNewsItemResponse message;
      *message.mutable_result() = ToResult(*result, epoch_);
      *response = Encode(message);
    }
    on_answer_(result);
    EndTrace(trace.get(), result);
    reactor->Finish(ToGrpc(result.status()));
  };
  if (status.ok()) status = ingestor_.Submit(*parsed->mutable_news_item(), caller.principal, answer, trace);
  if (!status.ok()) answer(status);
  return reactor;
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* IngestService::PublishNewsItems(grpc::CallbackServerContext* context) {
  std::shared_ptr<PublishStream> stream;
  {
    absl::MutexLock lock(&mutex_);
    if (is_draining_) {
      return new RefusedStream(error::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DRAINING, "the server is shutting down",
                                           {.retry_after = limits::kRetryWhenDraining}));
    }
    stream = std::make_shared<PublishStream>(context, ingestor_, CallerOf(*context), CallTrace(*context, tracer_), epoch_, window_,
                                             on_answer_, [this](PublishStream::Self* self) {
                                               std::shared_ptr<PublishStream> done;  // deleted after the lock is released
                                               absl::MutexLock done_lock(&mutex_);
                                               const auto found = streams_.find(self);
                                               done = std::move(found->second);
                                               streams_.erase(found);
                                             });
    streams_.emplace(stream.get(), stream);
  }
  stream->Start();
  return stream.get();
}

grpc::ServerUnaryReactor* IngestService::RetractNewsItem(grpc::CallbackServerContext* context,
                                                         const v1::RetractNewsItemRequest* request,
                                                         v1::RetractNewsItemResponse* response) {
  if (absl::Status status = CheckKey(request->publisher(), request->news_item_id()); !status.ok()) return Answer(context, status);
  const Caller caller = CallerOf(*context);
  if (absl::Status status = caller.TakeItem(request->ByteSizeLong()); !status.ok()) return Answer(context, status);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const tracing::ItemTracePtr trace = CallTrace(*context, tracer_).Begin(kRetractSpan);
  Retraction answer = [reactor, response, trace](const absl::StatusOr<ingest::Published>& result) {
    if (result.ok()) {
      for (const std::string& event_id : result->event_ids) response->add_event_ids(event_id);
    }
    EndTrace(trace.get(), result);
    reactor->Finish(ToGrpc(result.status()));
  };
  if (request->purge()) {
    answer = AfterPurge({caller.principal, caller.request_id, request->publisher(), request->news_item_id()}, std::move(answer));
  }
  const absl::Status status =
      ingestor_.SubmitWithdrawal(request->publisher(), request->news_item_id(), caller.principal, request->purge(), answer, trace);
  if (!status.ok()) answer(status);
  return reactor;
}

IngestService::Retraction IngestService::AfterPurge(PurgeNote note, Retraction answer) {
  return [this, note = std::move(note), answer = std::move(answer)](const absl::StatusOr<ingest::Published>& result) {
    const auto finish = [this, note, answer, result = absl::StatusOr<ingest::Published>(result)]() mutable {
      if (result.ok()) {
        note.changed_events = result->event_ids.size();
        if (absl::Status status = purge_.finish(); !status.ok()) result = error::WithReason(status);
      }
      note.status = result.status();
      purge_.on_done(note);
      answer(result);
    };
    if (purgers_.Run(finish)) return;
    answer(error::Make(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_QUOTA_EXCEEDED,
                       "too many purges are waiting for the disk: send it again", {.retry_after = limits::kRetryWhenFull}));
  };
}

grpc::ServerUnaryReactor* IngestService::GetNewsItem(grpc::CallbackServerContext* context, const v1::GetNewsItemRequest* request,
                                                     v1::GetNewsItemResponse* response) {
  if (absl::Status status = CheckKey(request->publisher(), request->news_item_id()); !status.ok()) return Answer(context, status);
  return AnswerOn(readers_, context, [this, request, response, principal = CallerOf(*context).principal] {
    const auto text = log_.FindNewsItem({principal, request->publisher(), request->news_item_id()});
    if (!text.ok()) return text.status();
    if (response->mutable_news_item()->ParseFromString(*text)) return absl::OkStatus();
    return absl::DataLossError("the stored item does not parse");
  });
}

grpc::ServerUnaryReactor* IngestService::GetNewsItemStatus(grpc::CallbackServerContext* context,
                                                           const v1::GetNewsItemStatusRequest* request,
                                                           v1::GetNewsItemStatusResponse* response) {
  if (absl::Status status = CheckKey(request->publisher(), request->news_item_id()); !status.ok()) return Answer(context, status);
  return AnswerOn(readers_, context, [this, request, response, principal = CallerOf(*context).principal] {
    const auto entry = log_.FindItem({principal, request->publisher(), request->news_item_id()});
    if (!entry.ok()) return entry.status();
    *response->mutable_result() = ToResult(ingest::FirstAnswer(*entry), epoch_);
    *response->mutable_ingest_time() = ToTimestamp(entry->ingest_time_us());
    *response->mutable_append_time() = ToTimestamp(entry->append_time_us());
    response->set_traceparent(entry->traceparent());
    return absl::OkStatus();
  });
}

}  // namespace demarche::rpc
