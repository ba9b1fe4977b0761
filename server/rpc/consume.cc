#include "server/rpc/consume.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "google/protobuf/util/time_util.h"
#include "server/error/error.h"
#include "server/rpc/consume_messages.h"
#include "server/rpc/encode.h"
#include "server/rpc/watch_messages.h"
#include "server/subscription/position.h"

namespace demarche::rpc {

using subscriptions::Range;
using subscriptions::Share;

Consume::Consume(grpc::CallbackServerContext* context, const DuplexShared& shared, const log::EventLog& log,
                 const subscriptions::Subscriptions& subscriptions)
    : Duplex(context, shared), log_(log), subscriptions_(subscriptions), epoch_(log.info().epoch) {}

Consume::Seat Consume::seat() const {
  const absl::MutexLock lock(&mutex_);
  return seat_;
}

absl::Status Consume::Receive(const std::string& bytes) {
  v1::ConsumeRequest request;
  if (!request.ParseFromString(bytes)) {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "request", "not a valid ConsumeRequest");
  }
  const Seat seat = this->seat();
  const bool is_first = seat.group == nullptr;
  if (is_first != (request.request_case() == v1::ConsumeRequest::kSubscription)) {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "subscription",
                           is_first ? "the first message names the subscription" : "only the first message names the subscription");
  }
  switch (request.request_case()) {
    case v1::ConsumeRequest::kSubscription:
      return Join(request.subscription());
    case v1::ConsumeRequest::kGrant:
      return Grant(request.grant());
    case v1::ConsumeRequest::kAck: {
      const auto ranges = RangesOf(request.ack().ranges());
      if (!ranges.ok()) return ranges.status();
      seat.group->Ack(seat.member, *ranges);
      return absl::OkStatus();
    }
    case v1::ConsumeRequest::kNack:
      return Nack(seat, request.nack());
    case v1::ConsumeRequest::REQUEST_NOT_SET:
      return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "request", "empty");
  }
  return absl::OkStatus();
}

absl::Status Consume::Join(const std::string& name) {
  const auto group = subscriptions_.Find(name);
  if (!group.ok()) return group.status();
  const auto member = (*group)->Join(shared_from_this());
  const absl::MutexLock lock(&mutex_);
  seat_ = {*group, member};
  return absl::OkStatus();
}

absl::Status Consume::Grant(const v1::Credit& grant) {
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  const absl::MutexLock lock(&mutex_);
  credit_.events += std::min(grant.events(), kMax - credit_.events);
  credit_.bytes += std::min(grant.bytes(), kMax - credit_.bytes);
  is_bounded_by_bytes_ |= grant.bytes() > 0;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Range>> Consume::RangesOf(const google::protobuf::RepeatedPtrField<v1::PositionRange>& ranges) const {
  if (ranges.size() > limits::kMaxAckRanges) {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "ranges",
                           std::to_string(ranges.size()) + ", at most " + std::to_string(limits::kMaxAckRanges));
  }
  const log::LogInfo info = log_.info();
  std::vector<Range> parsed;
  for (const v1::PositionRange& range : ranges) {
    const auto first = subscription::ParsePosition(range.first_position(), info);
    if (!first.ok()) return first.status();
    const auto last = subscription::ParsePosition(range.last_position(), info);
    if (!last.ok()) return last.status();
    if (*last < *first) return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "ranges", "the last position is before the first");
    parsed.push_back({*first, *last});
  }
  return parsed;
}

absl::Status Consume::Nack(const Seat& seat, const v1::Nack& nack) {
  const auto ranges = RangesOf(nack.ranges());
  if (!ranges.ok()) return ranges.status();
  const int64_t delay_ms = google::protobuf::util::TimeUtil::DurationToMilliseconds(nack.delay());
  const int64_t max_ms = std::chrono::milliseconds(limits::kMaxNackDelay).count();
  if (delay_ms < 0 || delay_ms > max_ms) {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "nack.delay",
                           std::to_string(delay_ms) + " ms, must be 0 to " + std::to_string(max_ms) + " ms");
  }
  seat.group->Nack(seat.member, *ranges, std::chrono::milliseconds(delay_ms));
  return absl::OkStatus();
}

bool Consume::MayReceive() {
  const Seat seat = this->seat();
  return seat.group == nullptr || seat.group->PendingResults(seat.member) < limits::kMaxPendingResults;
}

void Consume::ReceivedAll() {
  const absl::MutexLock lock(&mutex_);
  is_read_out_ = true;
}

absl::StatusOr<Duplex::Outcome> Consume::Advance(bool may_read) {
  const Seat seat = this->seat();
  if (seat.group == nullptr) {
    const absl::MutexLock lock(&mutex_);
    if (is_read_out_) return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "subscription", "the stream ended without it");
    return Outcome::kDone;
  }
  if (!std::exchange(is_started_, true)) {
    std::vector<std::string> names;
    const auto settings = seat.group->settings();  // a copy
    for (const v1::NamedFilter& filter : settings.subscription().filters()) names.push_back(filter.name());
    if (names.empty()) names.emplace_back();  // the one that matches all
    Write(Wrap(EncodeStarted(epoch_, seat.group->done_through(), names)));
    return Outcome::kDone;
  }
  if (auto warning = TakeWarning()) {
    Write(Wrap(EncodeWarning(*std::move(warning))));
    return Outcome::kDone;
  }
  subscriptions::Credit credit;
  {
    const absl::MutexLock lock(&mutex_);
    credit = credit_;
    if (!is_bounded_by_bytes_) credit.bytes = std::numeric_limits<uint64_t>::max();
    if (is_read_out_) credit = {};  // who cannot acknowledge is given no more
  }
  auto share = seat.group->Next(seat.member, credit, may_read);
  if (!share.ok()) return share.status();
  return Send(seat, *share);
}

Duplex::Outcome Consume::Send(const Seat& seat, const Share& share) {
  switch (share.kind) {
    case Share::Kind::kEvents: {
      uint64_t bytes = 0;
      for (const auto& delivery : share.deliveries) bytes += delivery.event->bytes();
      {
        const absl::MutexLock lock(&mutex_);
        credit_.events -= share.deliveries.size();
        credit_.bytes -= std::min(credit_.bytes, bytes);
      }
      Write(EncodeDeliveries(epoch_, share.deliveries));
      return Outcome::kDone;
    }
    case Share::Kind::kConfirmed:
      Write(EncodeAckResult(epoch_, share.confirmed, share.lost));
      return Outcome::kDone;
    case Share::Kind::kGap:
      Write(Wrap(EncodeGap(epoch_, share.gap, share.gap_count)));
      return Outcome::kDone;
    case Share::Kind::kPassed:
      return Outcome::kMore;
    case Share::Kind::kMustRead:
      return Outcome::kMustRead;
    case Share::Kind::kIdle:
      break;
  }
  bool is_read_out = false;
  {
    const absl::MutexLock lock(&mutex_);
    is_read_out = is_read_out_;
  }
  if (is_read_out && seat.group->PendingResults(seat.member) == 0) {
    Finish(absl::OkStatus());
  } else if (IsProgressDue()) {
    const uint64_t done = seat.group->done_through();
    const uint64_t end = log_.info().last_position;
    Write(Wrap(EncodeProgress(epoch_, done, end - std::min(end, done))));
  }
  return Outcome::kDone;
}

grpc::ByteBuffer Consume::DrainingMessage() { return Wrap(EncodeDraining(Position())); }

std::string Consume::Position() {
  const Seat seat = this->seat();
  return seat.group == nullptr ? "" : subscription::FormatPosition(epoch_, seat.group->done_through());
}

void Consume::Leave() {
  const Seat seat = this->seat();
  if (seat.group != nullptr) seat.group->Leave(seat.member);
}

}  // namespace demarche::rpc
