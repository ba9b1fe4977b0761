#include "client/cpp/consume_stream.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"

namespace demarche::client {
namespace {

// The server takes so many in one message.
constexpr size_t kMaxRanges = 1000;

// Moves the first positions out, each as a range of its own.
void TakeRanges(std::vector<std::string>& positions, google::protobuf::RepeatedPtrField<v1::PositionRange>& ranges) {
  const auto end = positions.begin() + static_cast<ptrdiff_t>(std::min(positions.size(), kMaxRanges));
  for (auto position = positions.begin(); position != end; ++position) {
    v1::PositionRange& range = *ranges.Add();
    range.set_first_position(*position);
    range.set_last_position(std::move(*position));
  }
  positions.erase(positions.begin(), end);
}

}  // namespace

ConsumeStream::ConsumeStream(v1::SubscriptionService::Stub& stub, const std::string& subscription, uint64_t credit)
    : credit_(credit), last_heard_(absl::Now()) {
  stub.async()->Consume(&context_, this);
  AddHold();  // Acknowledgements are written from outside of reactions. Let go when all is read.
  request_.set_subscription(subscription);
  StartWrite(&request_);
  StartRead(&response_);
  StartCall();
}

ConsumeStream::~ConsumeStream() { Finish(); }

std::optional<v1::ConsumeResponse> ConsumeStream::Read(absl::Duration silence_limit) {
  absl::MutexLock lock(&mutex_);
  const auto ready = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return !queue_.empty() || status_ || is_woken_; };
  while (!mutex_.AwaitWithDeadline(absl::Condition(&ready), last_heard_ + silence_limit)) {
    if (absl::Now() < last_heard_ + silence_limit) continue;  // something without interest came meanwhile
    is_silent_ = true;
    context_.TryCancel();
    return std::nullopt;
  }
  if (std::exchange(is_woken_, false) || queue_.empty()) return std::nullopt;
  v1::ConsumeResponse response = std::move(queue_.front());
  queue_.pop_front();
  return response;
}

void ConsumeStream::Wake() {
  absl::MutexLock lock(&mutex_);
  is_woken_ = !ends_writes_;
}

void ConsumeStream::Ack(const std::string& position) {
  absl::MutexLock lock(&mutex_);
  acks_.push_back(position);
  WriteOn();
}

void ConsumeStream::Nack(const std::string& position, absl::Duration delay) {
  absl::MutexLock lock(&mutex_);
  nacks_[delay].push_back(position);
  WriteOn();
}

void ConsumeStream::Grant(uint64_t events) {
  absl::MutexLock lock(&mutex_);
  credit_ += events;
  WriteOn();
}

void ConsumeStream::EndWrites() {
  absl::MutexLock lock(&mutex_);
  ends_writes_ = true;
  is_woken_ = false;
  last_heard_ = absl::Now();
  WriteOn();
}

bool ConsumeStream::has_ended() const {
  absl::MutexLock lock(&mutex_);
  return is_read_out_;
}

bool ConsumeStream::was_heard() const {
  absl::MutexLock lock(&mutex_);
  return was_heard_;
}

Error ConsumeStream::Finish() {
  absl::MutexLock lock(&mutex_);
  if (!status_) context_.TryCancel();
  const auto ended = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return status_.has_value(); };
  mutex_.Await(absl::Condition(&ended));
  if (is_silent_) return Error{.code = grpc::StatusCode::UNAVAILABLE, .message = "nothing was heard of the server for too long"};
  return DecodeError(*status_);
}

void ConsumeStream::OnReadDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  if (!ok) {
    is_read_out_ = true;
    RemoveHold();
    return;
  }
  last_heard_ = absl::Now();
  was_heard_ = true;
  if (response_.message().has_event_batch() || response_.message().has_gap() || response_.has_ack_result()) {
    queue_.push_back(std::move(response_));
    response_.Clear();
  }
  StartRead(&response_);
}

void ConsumeStream::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  is_writing_ = !ok;  // after a failure none can succeed; the read that fails too tells the end
  WriteOn();
}

void ConsumeStream::OnDone(const grpc::Status& status) {
  absl::MutexLock lock(&mutex_);
  status_ = status;
}

void ConsumeStream::WriteOn() {
  if (is_writing_ || is_read_out_) return;
  if (TakeRequest()) {
    is_writing_ = true;
    StartWrite(&request_);
  } else if (ends_writes_) {
    is_writing_ = true;  // for good
    StartWritesDone();
  }
}

// What is to be said next, into request_. False when there is nothing.
bool ConsumeStream::TakeRequest() {
  request_.Clear();
  if (!acks_.empty()) {
    TakeRanges(acks_, *request_.mutable_ack()->mutable_ranges());
  } else if (!nacks_.empty()) {
    auto& [delay, positions] = *nacks_.begin();
    const timespec parts = absl::ToTimespec(delay);
    request_.mutable_nack()->mutable_delay()->set_seconds(parts.tv_sec);
    request_.mutable_nack()->mutable_delay()->set_nanos(static_cast<int32_t>(parts.tv_nsec));
    TakeRanges(positions, *request_.mutable_nack()->mutable_ranges());
    if (positions.empty()) nacks_.erase(nacks_.begin());
  } else if (credit_ > 0) {
    request_.mutable_grant()->set_events(std::exchange(credit_, 0));
  } else {
    return false;
  }
  return true;
}

}  // namespace demarche::client
