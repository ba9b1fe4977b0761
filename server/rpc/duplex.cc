#include "server/rpc/duplex.h"

#include <utility>

#include "server/error/error.h"
#include "server/rpc/encode.h"
#include "server/rpc/status.h"

namespace demarche::rpc {

Duplex::Duplex(grpc::CallbackServerContext* context, const DuplexShared& shared)
    : shared_(shared),
      caller_(CallerOf(*context)),
      context_(context),
      changed_(shared.now()),
      meter_(shared.budget, limits::kMaxWriteTime) {
  StartSendInitialMetadata();  // a first write that carries it may hang for good
}

void Duplex::Open() { ReadOn(); }

void Duplex::ReadOn() {
  if (!MayReceive()) return;
  const absl::MutexLock lock(&mutex_);
  if (is_finished_ || is_reading_ || is_read_out_) return;
  is_reading_ = true;
  StartRead(&incoming_);
}

void Duplex::OnReadDone(bool ok) {
  std::string request;
  {
    const absl::MutexLock lock(&mutex_);
    if (is_finished_) return;
    is_receiving_ = true;
    is_read_out_ = !ok;
    if (ok) request = Bytes(incoming_);
    caller_.CountMessage(incoming_.Length());
    incoming_.Clear();
  }
  absl::Status status;
  if (ok) {
    status = Receive(request);
  } else {
    ReceivedAll();
  }
  {
    const absl::MutexLock lock(&mutex_);
    is_receiving_ = is_reading_ = false;  // not before: the end of a write reads on too, and requests are taken in order
    if (!status.ok() && !is_finished_) End(status);
    LeaveIfQuiet();
    if (is_finished_) return;
  }
  ReadOn();
  Run();
}

void Duplex::Run() {
  {
    const absl::MutexLock lock(&mutex_);
    is_woken_ = true;
    if (is_running_ || is_writing_ || is_finished_) return;  // the end of the write wakes it
    is_running_ = true;
  }
  Steps(/*may_read=*/false);
}

void Duplex::RunOnExecutor() {
  if (shared_.executor.Run([self = shared_from_this()] { self->Steps(/*may_read=*/true); })) return;
  const absl::MutexLock lock(&mutex_);
  if (!is_finished_) End(error::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DRAINING, "the server is shutting down"));
  is_running_ = false;
  LeaveIfQuiet();
}

void Duplex::Steps(bool may_read) {
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      is_woken_ = false;
    }
    const auto outcome = Step(may_read);
    // Who reads the log takes turns with the others that do.
    if (outcome.ok() && (*outcome == Outcome::kMustRead || (*outcome == Outcome::kMore && may_read))) return RunOnExecutor();
    const absl::MutexLock lock(&mutex_);
    if (!outcome.ok() && !is_finished_) End(outcome.status());
    if (is_finished_ || is_writing_ || (*outcome == Outcome::kDone && !is_woken_)) {
      is_running_ = false;
      return LeaveIfQuiet();
    }
  }
}

absl::StatusOr<Duplex::Outcome> Duplex::Step(bool may_read) {
  bool is_draining = false;
  {
    const absl::MutexLock lock(&mutex_);
    if (is_finished_ || is_writing_) return Outcome::kDone;
    is_draining = is_draining_;
  }
  if (!is_draining) return Advance(may_read);
  Write(DrainingMessage(), error::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DRAINING,
                                       "the server is shutting down: go on from last_position",
                                       {.metadata = {{"last_position", Position()}}, .retry_after = limits::kRetryWhenDraining}));
  return Outcome::kDone;
}

void Duplex::Write(grpc::ByteBuffer message, std::optional<absl::Status> last) {
  bool is_over = false;
  {
    const absl::MutexLock lock(&mutex_);
    if (is_finished_) return;
    is_writing_ = true;
    changed_ = shared_.now();
    last_ = std::move(last);
    outgoing_.Swap(&message);
    is_over = meter_.Begin(outgoing_.Length(), changed_);
    StartWrite(&outgoing_);
  }
  if (is_over) shared_.budget.CutLargest();
}

void Duplex::OnWriteDone(bool ok) {
  {
    const absl::MutexLock lock(&mutex_);
    is_writing_ = false;
    outgoing_.Clear();
    meter_.End(shared_.now(), std::exchange(has_content_, true));
    if (is_finished_) return;
    if (!ok) return End(absl::CancelledError("the stream broke"));
    if (last_.has_value()) return End(*last_);
  }
  ReadOn();
  Run();
}

bool Duplex::IsProgressDue() {
  const absl::MutexLock lock(&mutex_);
  return shared_.now() - changed_ >= limits::kProgressInterval;
}

std::optional<v1::SlowConsumerWarning> Duplex::TakeWarning() {
  const absl::MutexLock lock(&mutex_);
  auto warning = meter_.TakeWarning();
  has_content_ = !warning.has_value();
  return warning;
}

void Duplex::Finish(const absl::Status& status) {
  const absl::MutexLock lock(&mutex_);
  if (!is_finished_) End(status);
}

void Duplex::OnCancel() {
  const absl::MutexLock lock(&mutex_);
  if (!is_finished_) End(absl::CancelledError("cancelled by the client"));
}

void Duplex::Tick(TimePoint now) {
  {
    const absl::MutexLock lock(&mutex_);
    if (is_finished_) {
      // The status waits behind what the client does not read: it had its time.
      if (context_ != nullptr && now - changed_ >= patience_) context_->TryCancel();
      return;
    }
    if (is_writing_) {
      if (meter_.IsOverdue(now)) EndSlow("a write stayed incomplete for too long");
      return;
    }
    if (now - changed_ < limits::kProgressInterval) return;
  }
  Run();
}

void Duplex::Drain() {
  {
    const absl::MutexLock lock(&mutex_);
    is_draining_ = true;
  }
  Run();
}

bool Duplex::Cut(const std::string& why) {
  const absl::MutexLock lock(&mutex_);
  if (is_finished_ || !is_writing_) return false;
  patience_ = limits::kCutPatience;
  EndSlow(why);
  return true;
}

void Duplex::EndSlow(const std::string& why) {
  shared_.budget.NoteCut();
  meter_.Abandon();
  End(error::Make(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_SLOW_CONSUMER,
                  why + ": read faster, go on from last_position", {.metadata = {{"last_position", Position()}}}));
}

void Duplex::End(const absl::Status& status) {
  is_finished_ = true;
  changed_ = shared_.now();
  LeaveIfQuiet();
  ServerBidiReactor::Finish(ToGrpc(status));
}

void Duplex::LeaveIfQuiet() {
  if (!is_finished_ || is_running_ || is_receiving_ || std::exchange(has_left_, true)) return;
  Leave();
}

void Duplex::OnDone() {
  {
    const absl::MutexLock lock(&mutex_);
    context_ = nullptr;
  }
  shared_.on_done(this);  // may delete it
}

}  // namespace demarche::rpc
