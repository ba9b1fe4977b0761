#include "client/cpp/watcher.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/event_batch.h"

namespace demarche::client {
namespace {

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

Watcher::Watcher(const std::shared_ptr<grpc::ChannelInterface>& channel, WatchOptions options)
    : options_(std::move(options)), stub_(v1::EventService::NewStub(channel)), backoff_(options_.backoff) {}

Watcher::~Watcher() {
  Cancel();
  if (stream_) Close();
  queue_.Shutdown();
}

void Watcher::Cancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  if (context_) context_->TryCancel();
}

// Waits for the operation in flight, in the end always for its end; a stream silent for too long is given up.
bool Watcher::Await(bool* ok) {
  void* tag = nullptr;
  const auto deadline = absl::ToChronoTime(absl::Now() + options_.silence_limit);
  if (queue_.AsyncNext(&tag, ok, deadline) == grpc::CompletionQueue::TIMEOUT) {
    silent_ = true;
    {
      absl::MutexLock lock(&mutex_);
      context_->TryCancel();
    }
    queue_.Next(&tag, ok);
  }
  return *ok && !silent_;
}

bool Watcher::Open() {
  v1::WatchEventsRequest request = options_.request;
  if (!position_.empty()) request.mutable_start()->set_after(position_);
  silent_ = false;
  {
    absl::MutexLock lock(&mutex_);
    if (cancelled_) {
      error_ = Cancelled();
      return false;
    }
    context_ = std::make_unique<grpc::ClientContext>();
    stream_ = stub_->PrepareAsyncWatchEvents(context_.get(), request, &queue_);
    stream_->StartCall(nullptr);
  }
  bool ok = false;
  Await(&ok);  // a call that could not start says why when it is closed
  return true;
}

Error Watcher::Close() {
  grpc::Status status;
  stream_->Finish(&status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue_.Next(&tag, &ok);
  stream_.reset();
  absl::MutexLock lock(&mutex_);
  context_.reset();
  if (cancelled_) return Cancelled();
  if (silent_) {
    return Error{.code = grpc::StatusCode::UNAVAILABLE,
                 .message = absl::StrCat("nothing was heard for ", absl::FormatDuration(options_.silence_limit))};
  }
  return EndOfStream(DecodeError(status));
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
    bool ok = false;
    if (!silent_) {
      stream_->Read(response, nullptr);
      if (Await(&ok)) {
        Note(*response);
        return true;
      }
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

std::optional<Event> Watcher::Next() {
  if (next_ == batch_.size() && !Fill()) return std::nullopt;
  handed_out_ = batch_[next_].position;
  return std::move(batch_[next_++]);
}

std::vector<Event> Watcher::NextBatch() {
  if (next_ == batch_.size() && !Fill()) return {};
  handed_out_ = batch_.back().position;
  std::vector<Event> rest(std::make_move_iterator(batch_.begin() + static_cast<ptrdiff_t>(next_)),
                          std::make_move_iterator(batch_.end()));
  next_ = batch_.size();
  return rest;
}

Error Watcher::Commit() {
  if (Keep(handed_out_)) return Error{};
  return error_;
}

bool Watcher::LoadPosition() {
  loaded_ = true;
  if (options_.positions == nullptr) return true;
  absl::StatusOr<std::string> position = options_.positions->Load();
  if (position.ok()) {
    position_ = kept_ = handed_out_ = *std::move(position);
  } else {
    error_ = DecodeError(position.status());
  }
  return error_.ok();
}

bool Watcher::Keep(const std::string& position) {
  if (options_.positions == nullptr || position.empty() || position == kept_) return true;
  if (const absl::Status status = options_.positions->Save(position); !status.ok()) {
    error_ = DecodeError(status);
    return false;
  }
  kept_ = position;
  return true;
}

// All that was handed out has been dealt with. Reads on to the next batch.
bool Watcher::Fill() {
  batch_.clear();
  next_ = 0;
  if (ended_) return false;
  ended_ = true;  // unless there is more
  if ((!loaded_ && !LoadPosition()) || !Keep(handed_out_)) return false;
  v1::WatchEventsResponse response;
  while (Read(&response)) {
    if (response.has_event_batch() && !response.event_batch().events().empty()) {
      batch_ = EventsOf(response.mutable_event_batch());
      ended_ = false;
      return true;
    }
    if (response.has_gap()) {
      if (!options_.on_gap) {
        error_ =
            Error{.code = grpc::StatusCode::DATA_LOSS,
                  .message = absl::StrCat(response.gap().lost(), " revisions after ", response.gap().after(), " no longer exist")};
        return false;
      }
      options_.on_gap(response.gap());
    }
    // A filter that matches nothing must not keep an old position.
    if (response.has_progress() || response.has_caught_up()) {
      handed_out_ = position_;
      if (!Keep(position_)) return false;
    }
    if (response.has_caught_up() && options_.until_caught_up) {
      error_ = Error{};
      return false;
    }
  }
  return false;
}

}  // namespace demarche::client
