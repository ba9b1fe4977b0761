#include "server/rpc/watch.h"

#include <utility>

#include "server/error/error.h"
#include "server/rpc/encode.h"
#include "server/rpc/filters.h"
#include "server/rpc/status.h"
#include "server/subscription/position.h"

namespace demarche::rpc {

using subscription::Step;

Watch::Watch(grpc::CallbackServerContext* context, v1::WatchEventsRequest request, const WatchShared& shared)
    : shared_(shared),
      request_(std::move(request)),
      epoch_(shared.log.info().epoch),
      context_(context),
      changed_(shared.options.now()) {
  StartSendInitialMetadata();  // a first write that carries it may hang for good
}

void Watch::Wake() {
  absl::MutexLock lock(&mutex_);
  if (!is_writing_) Schedule();  // the end of the write wakes it otherwise
}

void Watch::Schedule() {
  is_woken_ = true;
  if (is_scheduled_ || is_finished_) return;
  is_scheduled_ = shared_.executor.Run([self = shared_from_this()] { self->Run(); });
  if (!is_scheduled_) End(error::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DRAINING, "the server is shutting down"));
}

void Watch::Run() {
  {
    absl::MutexLock lock(&mutex_);
    is_woken_ = false;
  }
  const bool has_more = Advance();
  absl::MutexLock lock(&mutex_);
  is_scheduled_ = false;
  if ((has_more || is_woken_) && !is_writing_) Schedule();
}

bool Watch::Advance() {
  bool is_draining = false;
  {
    absl::MutexLock lock(&mutex_);
    if (is_finished_ || is_writing_) return false;
    is_draining = is_draining_;
  }
  absl::Status status;
  if (!cursor_.has_value()) {
    status = Open();
  } else if (is_draining) {
    SendDraining();
  } else if (lost_at_start_.has_value()) {
    SendGap(*std::exchange(lost_at_start_, std::nullopt));
  } else {
    const auto step = cursor_->Next();
    if (step.ok()) Send(*step);
    if (step.ok() && step->kind == Step::Kind::kPassed) return true;
    status = step.status();
  }
  if (!status.ok()) {
    absl::MutexLock lock(&mutex_);
    if (!is_finished_) End(status);
  }
  return false;
}

absl::Status Watch::Open() {
  auto filters = CompileFilters(request_.filters());
  if (!filters.ok()) return filters.status();
  const auto opening = subscription::ResolveStart(request_.start(), request_.on_expired(), shared_.log);
  if (!opening.ok()) return opening.status();
  cursor_.emplace(shared_.log, shared_.hub, std::move(filters->matcher), opening->after, request_.on_expired());
  lost_at_start_ = opening->lost;
  {
    absl::MutexLock lock(&mutex_);
    sent_position_ = opening->after;
  }
  v1::WatchEventsResponse message;
  v1::Started& started = *message.mutable_started();
  started.set_position(Format(opening->after));
  started.set_epoch(epoch_);
  for (std::string& name : filters->names) started.add_filter_names(std::move(name));
  Write(Encode(message));
  return absl::OkStatus();
}

void Watch::Send(const Step& step) {
  v1::WatchEventsResponse message;
  switch (step.kind) {
    case Step::Kind::kEvents:
      return Write(EncodeBatch(epoch_, step.events));
    case Step::Kind::kCaughtUp:
      message.mutable_caught_up()->set_position(Format(cursor_->position()));
      return Write(Encode(message));
    case Step::Kind::kFellBehind:
      message.mutable_fell_behind()->set_position(Format(cursor_->position()));
      message.mutable_fell_behind()->set_backlog(cursor_->backlog());
      return Write(Encode(message));
    case Step::Kind::kGap:
      return SendGap(step.lost);
    case Step::Kind::kIdle:
    case Step::Kind::kPassed:
      return SendProgressIfDue();
  }
}

void Watch::SendProgressIfDue() {
  {
    absl::MutexLock lock(&mutex_);
    if (shared_.options.now() - changed_ < shared_.options.progress_interval) return;
  }
  v1::WatchEventsResponse message;
  v1::Progress& progress = *message.mutable_progress();
  progress.set_position(Format(cursor_->position()));
  progress.set_backlog(cursor_->backlog());
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  *progress.mutable_server_time() = ToTimestamp(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
  Write(Encode(message));
}

void Watch::SendGap(const subscription::Lost& lost) {
  v1::WatchEventsResponse message;
  v1::Gap& gap = *message.mutable_gap();
  gap.set_after(Format(lost.after));
  gap.set_resumed_at(Format(lost.resumed_at));
  gap.set_lost(lost.resumed_at - lost.after);
  Write(Encode(message));
}

void Watch::SendDraining() {
  v1::WatchEventsResponse message;
  const std::string position = Format(cursor_->position());
  message.mutable_draining()->set_position(position);
  Write(Encode(message), error::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DRAINING,
                                     "the server is shutting down: go on from last_position",
                                     {.metadata = {{"last_position", position}}, .retry_after = limits::kRetryWhenDraining}));
}

void Watch::Write(grpc::ByteBuffer message, std::optional<absl::Status> last) {
  absl::MutexLock lock(&mutex_);
  if (is_finished_) return;
  is_writing_ = true;
  changed_ = shared_.options.now();
  sending_position_ = cursor_->position();
  last_ = std::move(last);
  buffer_.Swap(&message);
  StartWrite(&buffer_);
}

void Watch::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  is_writing_ = false;
  buffer_.Clear();
  if (is_finished_) return;
  if (!ok) return End(absl::CancelledError("the stream broke"));
  sent_position_ = sending_position_;
  if (last_.has_value()) return End(*last_);
  Schedule();
}

void Watch::OnCancel() {
  absl::MutexLock lock(&mutex_);
  if (!is_finished_) End(absl::CancelledError("cancelled by the client"));
}

void Watch::Tick(TimePoint now) {
  absl::MutexLock lock(&mutex_);
  if (is_finished_) {
    // The status waits behind what the client does not read: it had its time.
    if (context_ != nullptr && now - changed_ >= shared_.options.max_write_time) context_->TryCancel();
  } else if (is_writing_) {
    if (now - changed_ < shared_.options.max_write_time) return;
    shared_.cut_count.fetch_add(1);
    End(error::Make(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_SLOW_CONSUMER,
                    "a write stayed incomplete for too long: read faster, go on from last_position",
                    {.metadata = {{"last_position", Format(sent_position_)}}}));
  } else if (now - changed_ >= shared_.options.progress_interval) {
    Schedule();
  }
}

void Watch::Drain() {
  absl::MutexLock lock(&mutex_);
  is_draining_ = true;
  if (!is_writing_) Schedule();
}

void Watch::End(const absl::Status& status) {
  is_finished_ = true;
  changed_ = shared_.options.now();
  Finish(ToGrpc(status));
}

void Watch::OnDone() {
  {
    absl::MutexLock lock(&mutex_);
    context_ = nullptr;
  }
  shared_.on_done(this);  // may delete it
}

std::string Watch::Format(uint64_t position) const { return subscription::FormatPosition(epoch_, position); }

}  // namespace demarche::rpc
