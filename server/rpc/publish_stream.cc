#include "server/rpc/publish_stream.h"

#include <string_view>
#include <utility>

#include "server/error/error.h"
#include "server/rpc/encode.h"
#include "server/rpc/publish.h"
#include "server/rpc/status.h"

namespace demarche::rpc {

// Trailing metadata of every stream: how many results it was sent.
constexpr char kItemCountKey[] = "demarche-item-count";

PublishStream::PublishStream(grpc::CallbackServerContext* context, ingest::Ingestor& ingestor, Caller caller, CallTrace call_trace,
                             std::string epoch, WindowOptions window, AnswerObserver on_answer, std::function<void(Self*)> on_done)
    : ingestor_(ingestor),
      caller_(std::move(caller)),
      call_trace_(std::move(call_trace)),
      epoch_(std::move(epoch)),
      window_(window),
      on_answer_(std::move(on_answer)),
      on_done_(std::move(on_done)),
      context_(context) {
  StartSendInitialMetadata();  // a first write that carries it may hang for good
}

void PublishStream::Start() {
  v1::PublishNewsItemsResponse grant;
  grant.mutable_window()->set_max_items(static_cast<uint32_t>(window_.max_items));
  grant.mutable_window()->set_max_bytes(window_.max_bytes);
  absl::MutexLock lock(&mutex_);
  if (is_finished_) return;  // drained meanwhile
  outgoing_ = Encode(grant);
  is_writing_ = true;
  StartWrite(&outgoing_);
  ReadIfRoom();
}

void PublishStream::ReadIfRoom() {
  const bool has_room = slots_.size() < window_.max_items && unanswered_bytes_ < window_.max_bytes;
  if (is_finished_ || is_reading_ || is_holding_ || is_read_out_ || is_draining_ || !has_room) return;
  is_reading_ = true;
  StartRead(&incoming_);
}

void PublishStream::OnReadDone(bool ok) {
  uint64_t sequence = 0;
  absl::StatusOr<v1::PublishNewsItemRequest> request = absl::UnknownError("not read");
  tracing::ItemTracePtr trace;
  if (ok) {
    caller_.CountMessage(incoming_.Length());
    request = ReadRequest(incoming_);
    trace = call_trace_.Begin(kPublishSpan, request.ok() ? std::string_view(request->traceparent()) : std::string_view());
  }
  if (request.ok()) {
    if (absl::Status status = caller_.TakeItem(incoming_.Length()); !status.ok()) request = status;
  }
  {
    absl::MutexLock lock(&mutex_);
    is_reading_ = false;
    if (is_finished_) return;
    if (!ok) {
      is_read_out_ = true;
      WriteOrFinish();
      return;
    }
    slots_.push_back({incoming_.Length(), std::nullopt});
    unanswered_bytes_ += incoming_.Length();
    sequence = first_sequence_ + slots_.size() - 1;
    incoming_.Clear();
    is_holding_ = request.ok();
  }
  if (request.ok()) {
    Take(sequence, std::move(*request->mutable_news_item()), trace);
  } else {
    EndTrace(trace.get(), request.status());
    Answered(sequence, request.status());
    absl::MutexLock lock(&mutex_);
    ReadIfRoom();
  }
}

void PublishStream::Take(uint64_t sequence, v1::NewsItem item, const tracing::ItemTracePtr& trace) {
  const size_t bytes = item.ByteSizeLong();
  const auto answer = [self = shared_from_this(), sequence, trace](const absl::StatusOr<ingest::Published>& result) {
    EndTrace(trace.get(), result);
    self->Answered(sequence, result);
  };
  const absl::Status status = ingestor_.Submit(item, caller_.principal, answer, trace);
  if (error::ReasonOf(status) == v1::ERROR_REASON_QUOTA_EXCEEDED) {
    // Holds the item and reads no more until there is room.
    auto held = std::make_shared<v1::NewsItem>(std::move(item));
    ingestor_.WhenRoom(bytes,
                       [self = shared_from_this(), sequence, held, trace] { self->Take(sequence, std::move(*held), trace); });
    return;
  }
  if (!status.ok()) answer(status);
  absl::MutexLock lock(&mutex_);
  is_holding_ = false;
  ReadIfRoom();
}

void PublishStream::Answered(uint64_t sequence, const absl::StatusOr<ingest::Published>& result) {
  on_answer_(result);
  v1::PublishNewsItemsResponse response;
  v1::ItemResult& item = *response.mutable_item();
  item.set_sequence(sequence);
  if (result.ok()) {
    *item.mutable_result() = ToResult(*result, epoch_);
  } else {
    item.mutable_result()->set_outcome(v1::PUBLISH_OUTCOME_REJECTED);
    *item.mutable_status() = error::ToRpc(result.status());
  }
  absl::MutexLock lock(&mutex_);
  if (is_finished_) return;
  slots_[sequence - first_sequence_].response = std::move(response);
  WriteOrFinish();
}

void PublishStream::WriteOrFinish() {
  if (is_writing_ || is_finished_) return;
  if (slots_.empty()) {
    if (is_read_out_) {
      End(absl::OkStatus());
    } else if (is_draining_) {
      End(error::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DRAINING,
                      "the server is shutting down: all items read are answered, send the others again",
                      {.retry_after = limits::kRetryWhenDraining}));
    }
    return;
  }
  Slot& slot = slots_.front();
  if (!slot.response.has_value()) return;
  outgoing_ = Encode(*slot.response);
  unanswered_bytes_ -= slot.bytes;
  slots_.pop_front();
  ++first_sequence_;
  is_writing_ = true;
  StartWrite(&outgoing_);
}

void PublishStream::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  is_writing_ = false;
  outgoing_.Clear();
  if (is_finished_) return;
  if (!ok) return End(absl::CancelledError("the stream broke"));
  WriteOrFinish();
  ReadIfRoom();
}

void PublishStream::Drain() {
  absl::MutexLock lock(&mutex_);
  is_draining_ = true;
  WriteOrFinish();
}

void PublishStream::OnCancel() {
  absl::MutexLock lock(&mutex_);
  if (!is_finished_) End(absl::CancelledError("cancelled by the client"));
}

void PublishStream::End(const absl::Status& status) {
  is_finished_ = true;
  context_->AddTrailingMetadata(kItemCountKey, std::to_string(first_sequence_ - 1));
  Finish(ToGrpc(status));
}

void PublishStream::OnDone() { on_done_(this); }

}  // namespace demarche::rpc
