#include "server/rpc/subscribe.h"

#include <utility>

#include "server/error/error.h"
#include "server/rpc/encode.h"
#include "server/rpc/watch_messages.h"
#include "server/subscription/position.h"

namespace demarche::rpc {
namespace {

// Requests that may wait to be obeyed; no more are read meanwhile.
constexpr size_t kMaxWaitingRequests = 64;

absl::Status BadRequest(const std::string& field, const std::string& what) {
  return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, field, what);
}

}  // namespace

Subscribe::Subscribe(grpc::CallbackServerContext* context, const DuplexShared& shared, const log::EventLog& log,
                     subscription::Hub& hub)
    : Duplex(context, shared), log_(log), hub_(hub), epoch_(log.info().epoch), held_filters_(CallerOf(*context).quota) {}

absl::Status Subscribe::Receive(const std::string& bytes) {
  v1::SubscribeRequest request;
  if (!request.ParseFromString(bytes)) return BadRequest("request", "not a valid SubscribeRequest");
  const absl::MutexLock lock(&mutex_);
  requests_.push_back(std::move(request));
  return absl::OkStatus();
}

bool Subscribe::MayReceive() {
  const absl::MutexLock lock(&mutex_);
  return requests_.size() < kMaxWaitingRequests;
}

void Subscribe::ReceivedAll() {
  const absl::MutexLock lock(&mutex_);
  is_read_out_ = true;
}

absl::StatusOr<Duplex::Outcome> Subscribe::Advance(bool may_read) {
  NotePosition();
  std::optional<v1::SubscribeRequest> request;
  bool is_read_out = false;
  {
    const absl::MutexLock lock(&mutex_);
    is_read_out = is_read_out_;
    if (!requests_.empty()) {
      request = std::move(requests_.front());
      requests_.pop_front();
    }
  }
  if (request.has_value()) {
    const auto has_written = Obey(*request);
    if (!has_written.ok()) return has_written.status();
    return *has_written ? Outcome::kDone : Outcome::kMore;
  }
  if (!feed_.has_value()) {
    if (is_read_out) return BadRequest("start", "the stream ended without it");
    return Outcome::kDone;
  }
  if (lost_at_start_.has_value()) {
    const subscription::Lost lost = *std::exchange(lost_at_start_, std::nullopt);
    WriteMessage(EncodeGap(epoch_, lost, lost.resumed_at - lost.after));
    return Outcome::kDone;
  }
  if (auto warning = TakeWarning()) {
    WriteMessage(EncodeWarning(*std::move(warning)));
    return Outcome::kDone;
  }
  const auto step = feed_->Next(shared_from_this(), may_read);
  if (!step.ok()) return step.status();
  return Send(*step);
}

absl::StatusOr<bool> Subscribe::Obey(const v1::SubscribeRequest& request) {
  const bool is_start = request.request_case() == v1::SubscribeRequest::kStart;
  if (is_start == feed_.has_value()) {
    return BadRequest("start", is_start ? "only the first message starts the stream" : "the first message starts the stream");
  }
  switch (request.request_case()) {
    case v1::SubscribeRequest::kStart:
      if (absl::Status status = Begin(request.start()); !status.ok()) return status;
      return true;
    case v1::SubscribeRequest::kGrant:
      feed_->Grant(request.grant().events(), request.grant().bytes());
      return false;
    case v1::SubscribeRequest::kChangeFilters:
      if (absl::Status status = feed_->Change(request.change_filters().filters(), shared_from_this()); !status.ok()) return status;
      if (absl::Status status = HoldFilters(request.change_filters().filters()); !status.ok()) return status;
      WriteMessage(EncodeFiltersUpdated(epoch_, feed_->position(), feed_->filter_names()));
      return true;
    case v1::SubscribeRequest::kPing:
      WritePong(request.ping().nonce());
      return true;
    case v1::SubscribeRequest::kStop:
      Finish(absl::OkStatus());
      return true;
    case v1::SubscribeRequest::REQUEST_NOT_SET:
      break;
  }
  return BadRequest("request", "empty");
}

absl::Status Subscribe::HoldFilters(const subscription::NamedFilters& filters) {
  return held_filters_.Change(static_cast<size_t>(filters.size()));
}

absl::Status Subscribe::Begin(const v1::WatchEventsRequest& start) {
  const auto opening = subscription::ResolveStart(start.start(), start.on_expired(), log_);
  if (!opening.ok()) return opening.status();
  auto feed = subscription::Feed::Open(log_, hub_, start.filters(), opening->after, start.on_expired());
  if (!feed.ok()) return feed.status();
  if (absl::Status status = HoldFilters(start.filters()); !status.ok()) return status;
  feed_.emplace(*std::move(feed));
  lost_at_start_ = opening->lost;
  NotePosition();
  WriteMessage(EncodeStarted(epoch_, feed_->position(), feed_->filter_names()));
  return absl::OkStatus();
}

absl::StatusOr<Duplex::Outcome> Subscribe::Send(const subscription::Step& step) {
  using Kind = subscription::Step::Kind;
  switch (step.kind) {
    case Kind::kEvents:
      WriteMessage(EncodeBatch(step.batch));
      return Outcome::kDone;
    case Kind::kCaughtUp:
      WriteMessage(EncodeCaughtUp(epoch_, feed_->position()));
      return Outcome::kDone;
    case Kind::kFellBehind:
      WriteMessage(EncodeFellBehind(epoch_, feed_->position(), feed_->backlog()));
      return Outcome::kDone;
    case Kind::kGap:
      WriteMessage(EncodeGap(epoch_, step.lost, step.lost.resumed_at - step.lost.after));
      return Outcome::kDone;
    case Kind::kMustRead:
      return Outcome::kMustRead;
    case Kind::kPassed:
    case Kind::kIdle:
      if (!IsProgressDue()) return step.kind == Kind::kPassed ? Outcome::kMore : Outcome::kDone;
      WriteMessage(EncodeProgress(epoch_, feed_->position(), feed_->backlog()));
      return Outcome::kDone;
  }
  return Outcome::kDone;
}

void Subscribe::WriteMessage(const grpc::ByteBuffer& message) { Write(Wrap(message)); }

// A Progress with the nonce of the ping.
void Subscribe::WritePong(uint64_t nonce) {
  v1::SubscribeResponse response;
  response.mutable_message()->ParseFromString(Bytes(EncodeProgress(epoch_, feed_->position(), feed_->backlog())));
  response.set_pong(nonce);
  Write(Encode(response));
}

void Subscribe::NotePosition() {
  if (!feed_.has_value()) return;
  const absl::MutexLock lock(&mutex_);
  position_ = feed_->position();
}

grpc::ByteBuffer Subscribe::DrainingMessage() {
  NotePosition();
  return Wrap(EncodeDraining(Position()));
}

std::string Subscribe::Position() {
  const absl::MutexLock lock(&mutex_);
  return subscription::FormatPosition(epoch_, position_);
}

void Subscribe::Leave() {
  if (feed_.has_value()) feed_->Forget(shared_from_this());
  feed_.reset();
}

}  // namespace demarche::rpc
