#include "server/rpc/event_service.h"

#include <limits>
#include <string>
#include <utility>

#include "server/error/error.h"
#include "server/limits/limits.h"
#include "server/query/filter/filter.h"
#include "server/rpc/encode.h"
#include "server/rpc/event_pages.h"
#include "server/rpc/status.h"
#include "server/rpc/subscribe.h"
#include "server/rpc/unary.h"
#include "server/subscription/position.h"

namespace demarche::rpc {
namespace {

// A watch that ends at once.
class RefusedWatch : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  explicit RefusedWatch(const absl::Status& status) { Finish(ToGrpc(status)); }
  void OnDone() override { delete this; }
};

absl::Status CheckEventId(const std::string& event_id) {
  if (event_id.empty()) return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "event_id", "empty, it is required");
  if (event_id.size() > limits::kMaxEventIdBytes) {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "event_id",
                           std::to_string(event_id.size()) + " bytes, at most " + std::to_string(limits::kMaxEventIdBytes));
  }
  return absl::OkStatus();
}

}  // namespace

EventService::EventService(const log::EventLog& log, subscription::Hub& hub, threads::Executor& readers,
                           EventServiceOptions options)
    : log_(log),
      hub_(hub),
      readers_(readers),
      budget_(std::move(options.budget)),
      log_readers_(options.watch_threads, std::numeric_limits<size_t>::max()),
      subscribers_(log_readers_, options.watch.now, options.tick_interval, *budget_),
      watches_(std::make_shared<WatchRegistry>(log, hub, options.watch_threads, options.tick_interval, std::move(options.watch),
                                               *budget_)) {
  hub_.SetListener([watches = std::weak_ptr<WatchRegistry>(watches_)] {
    if (const auto registry = watches.lock()) registry->OnPublished();
  });
}

EventService::~EventService() { hub_.SetListener(nullptr); }

grpc::ServerWriteReactor<grpc::ByteBuffer>* EventService::WatchEvents(grpc::CallbackServerContext* context,
                                                                      const grpc::ByteBuffer* request) {
  v1::WatchEventsRequest parsed;
  if (!parsed.ParseFromString(Bytes(*request))) {
    return new RefusedWatch(error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "request", "not a valid WatchEventsRequest"));
  }
  Watch* watch = watches_->Start(context, std::move(parsed));
  if (watch != nullptr) return watch;
  return new RefusedWatch(error::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DRAINING, "the server is shutting down",
                                      {.retry_after = limits::kRetryWhenDraining}));
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* EventService::Subscribe(grpc::CallbackServerContext* context) {
  return subscribers_.Start([&] { return std::make_shared<rpc::Subscribe>(context, subscribers_.shared(), log_, hub_); });
}

grpc::ServerUnaryReactor* EventService::ListEvents(grpc::CallbackServerContext* context, const v1::ListEventsRequest* request,
                                                   v1::ListEventsResponse* response) {
  return AnswerOn(readers_, context, [this, request, response] { return FillPage(log_, *request, *response); });
}

grpc::ServerUnaryReactor* EventService::GetEvent(grpc::CallbackServerContext* context, const v1::GetEventRequest* request,
                                                 v1::GetEventResponse* response) {
  if (absl::Status status = CheckEventId(request->event_id()); !status.ok()) return Answer(context, status);
  return AnswerOn(readers_, context, [this, request, response] {
    const auto found = log_.FindEvent(request->event_id());
    if (!found.ok()) return found.status();
    if (absl::Status status = ParseEvent(found->event, *response->mutable_event()); !status.ok()) return status;
    response->set_position(subscription::FormatPosition(log_.info().epoch, found->position));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* EventService::ListEventRevisions(grpc::CallbackServerContext* context,
                                                           const v1::ListEventRevisionsRequest* request,
                                                           v1::ListEventRevisionsResponse* response) {
  if (absl::Status status = CheckEventId(request->event_id()); !status.ok()) return Answer(context, status);
  return AnswerOn(readers_, context, [this, request, response] {
    const auto found = log_.FindRevisions(request->event_id());
    if (!found.ok()) return found.status();
    const std::string epoch = log_.info().epoch;
    for (const log::FoundEvent& revision : *found) {
      if (absl::Status status = ParseEvent(revision.event, *response->add_events()); !status.ok()) return status;
      v1::RevisionCause& cause = *response->add_causes();
      cause.set_position(subscription::FormatPosition(epoch, revision.position));
      *cause.mutable_append_time() = ToTimestamp(revision.append_time_us);
      cause.set_publisher(revision.event.cause_publisher());
      cause.set_news_item_id(revision.event.cause_news_item_id());
    }
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* EventService::ListEvidence(grpc::CallbackServerContext* context, const v1::ListEvidenceRequest* request,
                                                     v1::ListEvidenceResponse* response) {
  if (absl::Status status = CheckEventId(request->event_id()); !status.ok()) return Answer(context, status);
  return AnswerOn(readers_, context, [this, request, response] { return FillEvidencePage(log_, *request, *response); });
}

grpc::ServerUnaryReactor* EventService::GetStreamInfo(grpc::CallbackServerContext* context, const v1::GetStreamInfoRequest*,
                                                      v1::GetStreamInfoResponse* response) {
  const log::LogInfo info = log_.info();
  response->set_first_position(subscription::FormatPosition(info.epoch, info.first_position));
  response->set_last_position(subscription::FormatPosition(info.epoch, info.last_position));
  response->set_epoch(info.epoch);
  response->set_item_count(info.item_count);
  response->set_event_count(info.event_count);
  response->set_watch_count(static_cast<uint32_t>(watches_->size()));
  return Answer(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* EventService::ValidateFilter(grpc::CallbackServerContext* context,
                                                       const v1::ValidateFilterRequest* request,
                                                       v1::ValidateFilterResponse* response) {
  query::FilterError bad;
  response->set_valid(query::Filter::Compile(request->filter(), &bad).ok());
  if (!response->valid()) {
    response->set_message(bad.message);
    response->set_column(static_cast<uint32_t>(bad.column));
  }
  return Answer(context, absl::OkStatus());
}

}  // namespace demarche::rpc
