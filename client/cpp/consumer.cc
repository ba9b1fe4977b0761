#include "client/cpp/consumer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/time/clock.h"
#include "client/cpp/consume_stream.h"
#include "client/cpp/event_batch.h"

namespace demarche::client {
namespace {

constexpr absl::Duration kLookUpTimeout = absl::Seconds(20);

// A server that is frozen does not even answer the look-up.
bool MayConsumeAgain(const Error& error) {
  return MayRetry(error) || error.reason == "LEASE_LOST" || error.code == grpc::StatusCode::DEADLINE_EXCEEDED;
}

}  // namespace

Consumer::Consumer(const std::shared_ptr<grpc::ChannelInterface>& channel, std::string subscription, ConsumerOptions options)
    : subscription_(std::move(subscription)),
      options_(std::move(options)),
      stub_(v1::SubscriptionService::NewStub(channel)),
      backoff_(options_.backoff) {}

Consumer::~Consumer() { Cancel(); }

bool Consumer::is_stopped() const {
  absl::MutexLock lock(&mutex_);
  return is_stopped_;
}

std::shared_ptr<ConsumeStream> Consumer::stream() const {
  absl::MutexLock lock(&mutex_);
  return stream_;
}

void Consumer::Stop() {
  absl::MutexLock lock(&mutex_);
  is_stopped_ = true;
  if (stream_) stream_->Wake();
}

void Consumer::Cancel() {
  absl::MutexLock lock(&mutex_);
  is_stopped_ = is_cancelled_ = true;
  if (call_ != nullptr) call_->TryCancel();
  if (!stream_) return;
  stream_->Cancel();
  stream_->Wake();
}

std::optional<Delivery> Consumer::Next() {
  while (!is_stopped() && (options_.limit == 0 || handed_out_ < options_.limit)) {
    if (auto delivery = TakeWaiting()) {
      handed_out_ += 1;
      return delivery;
    }
    const std::shared_ptr<ConsumeStream> stream = this->stream();
    if (!stream) {
      if (!Open() && !WaitToReconnect()) return std::nullopt;
    } else if (auto response = stream->Read(options_.silence_limit)) {
      Take(*std::move(response));
    } else if (!is_stopped()) {
      EndStream(*stream);
      if (!WaitToReconnect()) return std::nullopt;
    }
  }
  return std::nullopt;
}

// The first that may still be worked on.
std::optional<Delivery> Consumer::TakeWaiting() {
  while (!waiting_.empty()) {
    Delivery delivery = std::move(waiting_.front());
    waiting_.pop_front();
    const std::shared_ptr<ConsumeStream> stream = this->stream();
    if (!stream || stream->has_ended()) {
      waiting_.clear();
    } else if (delivery.lease_end <= absl::Now()) {
      stream->Grant(1);
    } else {
      return delivery;
    }
  }
  return std::nullopt;
}

bool Consumer::Open() {
  grpc::ClientContext call;
  call.set_deadline(absl::ToChronoTime(absl::Now() + kLookUpTimeout));
  {
    absl::MutexLock lock(&mutex_);
    if (is_cancelled_) return false;
    call_ = &call;
  }
  v1::GetSubscriptionRequest request;
  request.set_name(subscription_);
  v1::GetSubscriptionResponse response;
  error_ = DecodeError(stub_->GetSubscription(&call, request, &response));
  const auto& lease = response.subscription().lease_duration();
  lease_ = absl::Seconds(lease.seconds()) + absl::Nanoseconds(lease.nanos());
  const uint64_t wanted = options_.limit == 0 ? std::numeric_limits<uint64_t>::max() : options_.limit - handed_out_;
  const uint64_t credit = std::min(options_.max_in_hand, wanted);
  absl::MutexLock lock(&mutex_);
  call_ = nullptr;
  if (!error_.ok() || is_stopped_) return false;
  stream_ = std::make_shared<ConsumeStream>(*stub_, subscription_, credit);
  connection_ += 1;
  ungranted_ = wanted - credit;
  return true;
}

void Consumer::EndStream(ConsumeStream& stream) {
  error_ = EndOfStream(stream.Finish());
  if (stream.was_heard()) backoff_.Reset();
  absl::MutexLock lock(&mutex_);
  stream_.reset();
}

bool Consumer::WaitToReconnect() {
  if (is_stopped() || !options_.reconnect || !MayConsumeAgain(error_)) return false;
  const absl::Duration wait = backoff_.Next(error_.retry_after.value_or(absl::ZeroDuration()));
  if (options_.on_reconnect) options_.on_reconnect(error_, wait);
  absl::MutexLock lock(&mutex_);
  return !mutex_.AwaitWithTimeout(absl::Condition(&is_stopped_), wait);
}

void Consumer::Take(v1::ConsumeResponse response) {
  Tell(response);
  v1::EventBatch& batch = *response.mutable_message()->mutable_event_batch();
  uint64_t connection = 0;
  {
    absl::MutexLock lock(&mutex_);
    connection = connection_;
  }
  const absl::Time lease_end = absl::Now() + lease_;
  std::vector<Event> events = EventsOf(&batch);
  for (size_t i = 0; i < events.size(); ++i) {
    Delivery delivery{std::move(events[i])};
    if (i < static_cast<size_t>(batch.delivery_counts_size())) delivery.count = batch.delivery_counts(static_cast<int>(i));
    delivery.lease_end = lease_end;
    delivery.connection = connection;
    waiting_.push_back(std::move(delivery));
  }
}

void Consumer::Tell(const v1::ConsumeResponse& response) const {
  if (response.has_ack_result() && options_.on_ack_result) options_.on_ack_result(response.ack_result());
  if (response.message().has_gap() && options_.on_gap) options_.on_gap(response.message().gap());
}

bool Consumer::Answer(const Delivery& delivery, const std::function<void(ConsumeStream&)>& answer) {
  std::shared_ptr<ConsumeStream> stream;
  uint64_t granted = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (!stream_ || delivery.connection != connection_ || stream_->has_ended()) return false;
    stream = stream_;
    granted = std::min<uint64_t>(ungranted_, 1);
    ungranted_ -= granted;
  }
  answer(*stream);
  if (granted > 0) stream->Grant(granted);
  return true;
}

bool Consumer::Ack(const Delivery& delivery) {
  return Answer(delivery, [&delivery](ConsumeStream& stream) { stream.Ack(delivery.position); });
}

bool Consumer::Nack(const Delivery& delivery, absl::Duration delay) {
  return Answer(delivery, [&delivery, delay](ConsumeStream& stream) { stream.Nack(delivery.position, delay); });
}

Error Consumer::Close() {
  Stop();
  const std::shared_ptr<ConsumeStream> stream = this->stream();
  if (!stream) return error_;
  stream->EndWrites();
  while (const auto response = stream->Read(options_.close_timeout)) Tell(*response);
  error_ = stream->Finish();
  absl::MutexLock lock(&mutex_);
  stream_.reset();
  if (is_cancelled_) error_ = Cancelled();
  return error_;
}

}  // namespace demarche::client
