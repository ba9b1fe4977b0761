#include "server/rpc/watch.h"

#include <utility>

#include "server/error/error.h"
#include "server/rpc/encode.h"
#include "server/rpc/status.h"
#include "server/rpc/watch_messages.h"
#include "server/subscription/filters.h"
#include "server/subscription/position.h"

namespace demarche::rpc {

using subscription::Step;

Watch::Watch(grpc::CallbackServerContext* context, v1::WatchEventsRequest request, const WatchShared& shared)
    : shared_(shared),
      epoch_(shared.log.info().epoch),
      request_(std::make_unique<v1::WatchEventsRequest>(std::move(request))),
      held_filters_(CallerOf(*context).quota),
      context_(context),
      changed_(shared.options.now()),
      meter_(shared.budget, shared.options.max_write_time) {
  StartSendInitialMetadata();  // a first write that carries it may hang for good
}

void Watch::Open() {
  {
    absl::MutexLock lock(&mutex_);
    is_running_ = true;
  }
  RunOnExecutor();
}

void Watch::Run() {
  {
    absl::MutexLock lock(&mutex_);
    is_woken_ = true;
    if (is_running_ || is_writing_ || is_finished_) return;  // the end of the write wakes it
    is_running_ = true;
  }
  Steps(/*may_read=*/false);
}

void Watch::RunOnExecutor() {
  if (shared_.executor.Run([self = shared_from_this()] { self->Steps(/*may_read=*/true); })) return;
  absl::MutexLock lock(&mutex_);
  if (!is_finished_) End(error::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DRAINING, "the server is shutting down"));
  StopRunning();
}

void Watch::Steps(bool may_read) {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      is_woken_ = false;
    }
    const Outcome outcome = Advance(may_read);
    // Who reads the log takes turns with the others that do.
    if (outcome == Outcome::kMustRead || (outcome == Outcome::kMore && may_read)) return RunOnExecutor();
    absl::MutexLock lock(&mutex_);
    if (is_finished_ || is_writing_ || (outcome == Outcome::kDone && !is_woken_)) return StopRunning();
  }
}

void Watch::StopRunning() {
  is_running_ = false;
  if (is_finished_) Leave();
}

Watch::Outcome Watch::Advance(bool may_read) {
  bool is_draining = false;
  std::optional<v1::SlowConsumerWarning> warning;
  {
    absl::MutexLock lock(&mutex_);
    if (is_finished_ || is_writing_) return Outcome::kDone;
    is_draining = is_draining_;
    if (cursor_.has_value() && !is_draining && !lost_at_start_.has_value()) warning = meter_.TakeWarning();
  }
  absl::Status status;
  if (!cursor_.has_value()) {
    status = Begin();
  } else if (is_draining) {
    SendDraining();
  } else if (lost_at_start_.has_value()) {
    const subscription::Lost lost = *std::exchange(lost_at_start_, std::nullopt);
    Write(EncodeGap(epoch_, lost, lost.resumed_at - lost.after));
  } else if (warning.has_value()) {
    Write(EncodeWarning(*std::move(warning)));
  } else {
    const auto step = cursor_->Next(shared_from_this(), may_read);
    if (step.ok() && step->kind == Step::Kind::kMustRead) return Outcome::kMustRead;
    if (step.ok()) Send(*step);
    if (step.ok() && step->kind == Step::Kind::kPassed) return Outcome::kMore;
    status = step.status();
  }
  if (!status.ok()) {
    absl::MutexLock lock(&mutex_);
    if (!is_finished_) End(status);
  }
  return Outcome::kDone;
}

absl::Status Watch::Begin() {
  const std::unique_ptr<v1::WatchEventsRequest> request = std::move(request_);
  auto filters = subscription::CompileFilters(request->filters());
  if (!filters.ok()) return filters.status();
  if (absl::Status status = held_filters_.Change(static_cast<size_t>(request->filters_size())); !status.ok()) return status;
  const auto opening = subscription::ResolveStart(request->start(), request->on_expired(), shared_.log);
  if (!opening.ok()) return opening.status();
  cursor_.emplace(shared_.log, shared_.hub, std::move(filters->set), opening->after, request->on_expired());
  lost_at_start_ = opening->lost;
  {
    absl::MutexLock lock(&mutex_);
    sent_position_ = opening->after;
  }
  Write(EncodeStarted(epoch_, opening->after, filters->names));
  return absl::OkStatus();
}

void Watch::Send(const Step& step) {
  switch (step.kind) {
    case Step::Kind::kEvents:
      if (shared_.options.on_batch) shared_.options.on_batch(step.batch->last_position, step.batch->events);
      return Write(EncodeBatch(step.batch));
    case Step::Kind::kCaughtUp:
      return Write(EncodeCaughtUp(epoch_, cursor_->position()));
    case Step::Kind::kFellBehind:
      return Write(EncodeFellBehind(epoch_, cursor_->position(), cursor_->backlog()));
    case Step::Kind::kGap:
      if (shared_.options.on_gap) shared_.options.on_gap(step.lost.resumed_at - step.lost.after);
      return Write(EncodeGap(epoch_, step.lost, step.lost.resumed_at - step.lost.after));
    case Step::Kind::kIdle:
    case Step::Kind::kPassed:
    case Step::Kind::kMustRead:
      return SendProgressIfDue();
  }
}

void Watch::SendProgressIfDue() {
  {
    absl::MutexLock lock(&mutex_);
    if (shared_.options.now() - changed_ < shared_.options.progress_interval) return;
  }
  Write(EncodeProgress(epoch_, cursor_->position(), cursor_->backlog()));
}

void Watch::SendDraining() {
  const std::string position = subscription::FormatPosition(epoch_, cursor_->position());
  Write(EncodeDraining(position),
        error::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DRAINING,
                    "the server is shutting down: go on from last_position",
                    {.metadata = {{"last_position", position}}, .retry_after = limits::kRetryWhenDraining}));
}

void Watch::Write(grpc::ByteBuffer message, std::optional<absl::Status> last) {
  bool is_over = false;
  {
    absl::MutexLock lock(&mutex_);
    if (is_finished_) return;
    is_writing_ = true;
    changed_ = shared_.options.now();
    sending_position_ = cursor_->position();
    last_ = std::move(last);
    buffer_.Swap(&message);
    is_over = meter_.Begin(buffer_.Length(), changed_);
    StartWrite(&buffer_);
  }
  if (is_over) shared_.budget.CutLargest();
}

void Watch::OnMore() { Run(); }

void Watch::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    is_writing_ = false;
    buffer_.Clear();
    meter_.End(shared_.options.now(), sending_position_ > sent_position_);
    if (is_finished_) return;
    if (!ok) return End(absl::CancelledError("the stream broke"));
    sent_position_ = sending_position_;
    if (last_.has_value()) return End(*last_);
  }
  Run();
}

void Watch::OnCancel() {
  absl::MutexLock lock(&mutex_);
  if (!is_finished_) End(absl::CancelledError("cancelled by the client"));
}

void Watch::Tick(TimePoint now) {
  {
    absl::MutexLock lock(&mutex_);
    if (is_finished_) {
      // The status waits behind what the client does not read: it had its time.
      if (context_ != nullptr && now - changed_ >= patience_) context_->TryCancel();
      return;
    }
    if (is_writing_) {
      if (meter_.IsOverdue(now)) EndSlow("a write stayed incomplete for too long");
      return;
    }
    if (now - changed_ < shared_.options.progress_interval) return;
  }
  Run();
}

bool Watch::Cut(const std::string& why) {
  absl::MutexLock lock(&mutex_);
  if (is_finished_ || !is_writing_) return false;
  EndSlow(why);
  patience_ = limits::kCutPatience;
  return true;
}

uint64_t Watch::lag() const {
  const uint64_t end = shared_.log.info().last_position;
  absl::MutexLock lock(&mutex_);
  return sent_position_ == 0 || sent_position_ >= end ? 0 : end - sent_position_;
}

void Watch::Drain() {
  {
    absl::MutexLock lock(&mutex_);
    is_draining_ = true;
  }
  Run();
}

void Watch::EndSlow(const std::string& why) {
  shared_.budget.NoteCut();
  meter_.Abandon();
  End(error::Make(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_SLOW_CONSUMER,
                  why + ": read faster, go on from last_position",
                  {.metadata = {{"last_position", subscription::FormatPosition(epoch_, sent_position_)}}}));
}

void Watch::End(const absl::Status& status) {
  is_finished_ = true;
  changed_ = shared_.options.now();
  patience_ = shared_.options.max_write_time;
  if (!is_running_) Leave();
  Finish(ToGrpc(status));
}

// Nobody runs it, and nobody will.
void Watch::Leave() {
  if (cursor_.has_value()) cursor_->Forget(shared_from_this());
  cursor_.reset();
}

void Watch::OnDone() {
  {
    absl::MutexLock lock(&mutex_);
    context_ = nullptr;
  }
  shared_.on_done(this);  // may delete it
}

}  // namespace demarche::rpc
