#include "client/cpp/watcher.h"

#include <utility>

#include "absl/time/clock.h"
#include "grpcpp/channel.h"

namespace demarche::client {
namespace {

// The same request may succeed later: the connection broke, or the server asks to come again.
bool MayRetry(const Error& error) {
  switch (error.code) {
    case grpc::StatusCode::UNAVAILABLE:
      return true;
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
      return error.reason.empty();  // a stream reset on the way; the server itself gives a reason
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return error.reason == "SLOW_CONSUMER" || error.retry_after.has_value();
    default:
      return false;
  }
}

// The position that a message tells; null when it tells none.
const std::string* PositionOf(const v1::WatchEventsResponse& response) {
  switch (response.response_case()) {
    case v1::WatchEventsResponse::kStarted:
      return &response.started().position();
    case v1::WatchEventsResponse::kEventBatch:
      return response.event_batch().positions().empty() ? nullptr : &*response.event_batch().positions().rbegin();
    case v1::WatchEventsResponse::kProgress:
      return &response.progress().position();
    case v1::WatchEventsResponse::kCaughtUp:
      return &response.caught_up().position();
    case v1::WatchEventsResponse::kFellBehind:
      return &response.fell_behind().position();
    case v1::WatchEventsResponse::kGap:
      return &response.gap().resumed_at();
    case v1::WatchEventsResponse::kDraining:
      return &response.draining().position();
    default:
      return nullptr;
  }
}

}  // namespace

Watcher::Watcher(const std::shared_ptr<grpc::Channel>& channel, WatchOptions options)
    : options_(std::move(options)), stub_(v1::EventService::NewStub(channel)), backoff_(options_.backoff) {}

Watcher::~Watcher() {
  Cancel();
  if (stream_) Close();
}

void Watcher::Cancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  if (context_) context_->TryCancel();
}

bool Watcher::Open() {
  v1::WatchEventsRequest request = options_.request;
  if (!position_.empty()) request.mutable_start()->set_after(position_);
  absl::MutexLock lock(&mutex_);
  if (cancelled_) {
    error_ = Error{.code = grpc::StatusCode::CANCELLED, .message = "cancelled"};
    return false;
  }
  context_ = std::make_unique<grpc::ClientContext>();
  stream_ = stub_->WatchEvents(context_.get(), request);
  return true;
}

Error Watcher::Close() {
  Error error = DecodeError(stream_->Finish());
  stream_.reset();
  absl::MutexLock lock(&mutex_);
  context_.reset();
  if (cancelled_) return Error{.code = grpc::StatusCode::CANCELLED, .message = "cancelled"};
  if (error.ok()) return Error{.code = grpc::StatusCode::UNAVAILABLE, .message = "the server ended the stream"};
  return error;
}

bool Watcher::WaitToReconnect() {
  if (!options_.reconnect || !MayRetry(error_)) return false;
  const absl::Duration wait = backoff_.Next(error_.retry_after.value_or(absl::ZeroDuration()));
  if (options_.on_reconnect) options_.on_reconnect(error_, wait);
  absl::MutexLock lock(&mutex_);
  return !mutex_.AwaitWithTimeout(absl::Condition(&cancelled_), wait);
}

bool Watcher::Read(v1::WatchEventsResponse* response) {
  while (true) {
    if (!stream_ && !Open()) return false;
    if (stream_->Read(response)) {
      Note(*response);
      return true;
    }
    error_ = Close();
    if (!WaitToReconnect()) return false;
  }
}

void Watcher::Note(const v1::WatchEventsResponse& response) {
  backoff_.Reset();
  const std::string* position = PositionOf(response);
  if (position != nullptr && !position->empty()) position_ = *position;
}

}  // namespace demarche::client
