#include "server/subscriptions/group.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "google/protobuf/util/time_util.h"
#include "server/error/error.h"
#include "server/limits/limits.h"
#include "server/subscription/position.h"
#include "server/subscriptions/rows.h"

namespace demarche::subscriptions {
namespace {

using ::google::protobuf::util::TimeUtil;
using subscription::Step;

// The disk hears at most so late of how far a subscription came that wanted nothing.
constexpr std::chrono::seconds kCommitInterval{5};

}  // namespace

Group::Group(const GroupShared& shared, stored::v1::SubscriptionSettings settings, subscription::Filters filters,
             const stored::v1::SubscriptionProgress& progress)
    : shared_(shared),
      name_(settings.subscription().name()),
      settings_(std::move(settings)),
      filters_(std::move(filters)),
      ledger_({}, progress),
      committed_at_(shared.now()) {
  const absl::MutexLock lock(&mutex_);
  ledger_.set_settings(LedgerSettings());
}

Ledger::Settings Group::LedgerSettings() const {
  const v1::Subscription& subscription = settings_.subscription();
  return {.lease = std::chrono::milliseconds(TimeUtil::DurationToMilliseconds(subscription.lease_duration())),
          .max_deliveries = subscription.max_deliveries()};
}

v1::Subscription Group::Describe() const {
  const log::LogInfo info = shared_.log.info();
  const absl::MutexLock lock(&mutex_);
  v1::Subscription subscription = settings_.subscription();
  subscription.set_acked_position(subscription::FormatPosition(info.epoch, ledger_.done_through()));
  subscription.set_backlog(info.last_position - std::min(info.last_position, ledger_.done_through()));
  subscription.set_leased_count(static_cast<uint32_t>(ledger_.leased_count()));
  subscription.set_dead_letter_count(static_cast<uint32_t>(ledger_.dead_count()));
  subscription.set_lost_count(ledger_.lost_count());
  subscription.set_consumer_count(static_cast<uint32_t>(members_.size()));
  return subscription;
}

stored::v1::SubscriptionSettings Group::settings() const {
  const absl::MutexLock lock(&mutex_);
  return settings_;
}

uint64_t Group::keep_after() const {
  const absl::MutexLock lock(&mutex_);
  if (!settings_.subscription().retain_until_acked() || is_ended_) return std::numeric_limits<uint64_t>::max();
  return ledger_.done_through();
}

uint64_t Group::done_through() const {
  const absl::MutexLock lock(&mutex_);
  return ledger_.done_through();
}

MemberId Group::Join(subscription::WaiterPtr waiter) {
  const absl::MutexLock lock(&mutex_);
  members_[++last_member_].waiter = std::move(waiter);
  return last_member_;
}

void Group::Leave(MemberId member) {
  const absl::MutexLock lock(&mutex_);
  members_.erase(member);
  ledger_.Leave(member);
  if (ledger_.is_dirty()) shared_.on_dirty();
  WakeAll();
}

absl::StatusOr<Share> Group::Next(MemberId id, Credit credit, bool may_read) {
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      if (auto share = TakeReady(members_.at(id), id, credit)) return *std::move(share);
      if (!cursor_) OpenCursor();
      is_reading_ = true;
      has_more_ = false;
    }
    const auto step = cursor_->Next(shared_from_this(), may_read);
    const absl::MutexLock lock(&mutex_);
    is_reading_ = false;
    Member& member = members_.at(id);
    if (step.ok() && step->kind == Step::Kind::kIdle && !has_more_) member.is_waiting = true;
    if (auto share = Take(step)) return *std::move(share);
  }
}

// What can be had without moving on in the stream. Nothing when that is to be done.
std::optional<absl::StatusOr<Share>> Group::TakeReady(Member& member, MemberId id, Credit credit) {
  member.is_waiting = false;
  if (!member.end.ok()) return member.end;
  if (!member.confirmed.empty()) {
    return Share{
        .kind = Share::Kind::kConfirmed, .confirmed = std::exchange(member.confirmed, {}), .lost = std::exchange(member.lost, {})};
  }
  if (!member.gaps.empty()) {
    const Gap gap = member.gaps.front();
    member.gaps.pop_front();
    return Share{.kind = Share::Kind::kGap, .gap = gap.lost, .gap_count = gap.count};
  }
  const TimePoint now = shared_.now();
  ledger_.Expire(now);
  const bool may_take = credit.events > 0 && credit.bytes > 0 && !settings_.subscription().paused();
  if (may_take) {
    auto deliveries = ledger_.Lease(id, std::min<uint64_t>(credit.events, limits::kMaxBatchEvents), credit.bytes, now);
    if (!deliveries.empty()) {
      if (ledger_.has_free()) WakeAll();
      return Share{.kind = Share::Kind::kEvents, .deliveries = std::move(deliveries)};
    }
  }
  if (ledger_.is_dirty()) shared_.on_dirty();
  if (may_take && ledger_.has_room() && !is_reading_) return std::nullopt;
  member.is_waiting = true;
  return Share{};
}

// What the stream gave. Nothing when there may be something for the consumer now.
std::optional<absl::StatusOr<Share>> Group::Take(const absl::StatusOr<Step>& step) {
  if (!step.ok()) {
    EndAll(step.status());
    return step.status();
  }
  switch (step->kind) {
    case Step::Kind::kEvents:
      for (EventPtr& event : Split(*step->batch, settings_.subscription().order_by_parties())) ledger_.Add(std::move(event));
      WakeAll();
      return std::nullopt;
    case Step::Kind::kGap: {
      ledger_.Pass(step->lost.after);
      const uint64_t count = ledger_.Lose(step->lost.resumed_at);
      for (auto& [id, member] : members_) member.gaps.push_back({step->lost, count});
      WakeAll();
      return std::nullopt;
    }
    case Step::Kind::kPassed:
      ledger_.Pass(cursor_->position());
      return Share{.kind = Share::Kind::kPassed};
    case Step::Kind::kIdle:
      ledger_.Pass(cursor_->position());
      return has_more_ ? Share{.kind = Share::Kind::kPassed} : Share{};
    case Step::Kind::kMustRead:
      return Share{.kind = Share::Kind::kMustRead};
    case Step::Kind::kCaughtUp:
    case Step::Kind::kFellBehind:
      return std::nullopt;
  }
  return std::nullopt;
}

void Group::Ack(MemberId member, const std::vector<Range>& ranges) {
  const absl::MutexLock lock(&mutex_);
  const auto found = members_.find(member);
  if (found == members_.end() || !found->second.end.ok()) return;
  Waiting waiting{member, ranges, {}};
  for (const Range& range : ranges) ledger_.Ack(member, range, waiting.lost);
  found->second.pending += ranges.size();
  waiting_.push_back(std::move(waiting));
  shared_.on_dirty();
}

void Group::Nack(MemberId member, const std::vector<Range>& ranges, std::chrono::milliseconds delay) {
  const absl::MutexLock lock(&mutex_);
  for (const Range& range : ranges) ledger_.Nack(member, range, delay, shared_.now());
  if (ledger_.is_dirty()) shared_.on_dirty();
  WakeAll();
}

size_t Group::PendingResults(MemberId member) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = members_.find(member);
  return found == members_.end() ? 0 : found->second.pending + found->second.confirmed.size();
}

void Group::OnMore() {
  const absl::MutexLock lock(&mutex_);
  has_more_ = true;
  WakeAll();
}

void Group::Tick() {
  const absl::MutexLock lock(&mutex_);
  ledger_.Expire(shared_.now());
  const bool is_stale = !ledger_.is_committed() && shared_.now() - committed_at_ >= kCommitInterval;
  if (is_stale || ledger_.is_dirty() || !waiting_.empty()) shared_.on_dirty();
  if (ledger_.has_free()) WakeAll();
  if (members_.empty() && !is_reading_ && ledger_.Rewind()) CloseCursor();
}

void Group::BeginCommit(std::vector<log::StateChange>& changes) {
  const absl::MutexLock lock(&mutex_);
  committing_ = waiting_.size();
  if (is_ended_) return;
  const bool is_stale = !ledger_.is_committed() && shared_.now() - committed_at_ >= kCommitInterval;
  if (!ledger_.is_dirty() && !is_stale) return;
  const Ledger::Commit commit = ledger_.BeginCommit();
  changes.push_back({ProgressKey(name_), commit.progress.SerializeAsString()});
  for (const Delivery& buried : commit.buried) {
    changes.push_back({DeadKey(name_, buried.event->position), ToDeadLetter(buried).SerializeAsString()});
  }
  for (const uint64_t position : commit.unburied) changes.push_back({DeadKey(name_, position), std::nullopt});
  is_committing_ = true;
}

void Group::EndCommit(bool is_durable) {
  const absl::MutexLock lock(&mutex_);
  if (std::exchange(is_committing_, false)) {
    ledger_.EndCommit(is_durable);
    if (is_durable) committed_at_ = shared_.now();
  }
  if (!is_durable) return;
  for (; committing_ > 0; --committing_) {
    Waiting waiting = std::move(waiting_.front());
    waiting_.pop_front();
    const auto found = members_.find(waiting.member);
    if (found == members_.end()) continue;
    Member& member = found->second;
    member.pending -= waiting.ranges.size();
    member.confirmed.insert(member.confirmed.end(), waiting.ranges.begin(), waiting.ranges.end());
    member.lost.insert(member.lost.end(), waiting.lost.begin(), waiting.lost.end());
    member.is_waiting = true;
  }
  WakeAll();
}

void Group::Change(stored::v1::SubscriptionSettings settings, subscription::Filters filters) {
  const absl::MutexLock lock(&mutex_);
  AwaitQuiet();
  settings_ = std::move(settings);
  filters_ = std::move(filters);
  ledger_.set_settings(LedgerSettings());
  CloseCursor();
  WakeAll();
}

stored::v1::SubscriptionProgress Group::MovedTo(uint64_t after) const {
  const absl::MutexLock lock(&mutex_);
  stored::v1::SubscriptionProgress progress;
  progress.set_done_through(after);
  progress.set_lost_count(ledger_.lost_count());
  return progress;
}

void Group::Move(const stored::v1::SubscriptionProgress& progress) {
  const absl::MutexLock lock(&mutex_);
  AwaitQuiet();
  ledger_.MoveTo(progress);
  CloseCursor();
  EndAll(error::Make(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_LEASE_LOST,
                     "the subscription was moved: what was delivered is no longer leased, consume again"));
}

void Group::End() {
  const absl::MutexLock lock(&mutex_);
  AwaitQuiet();
  is_ended_ = true;
  CloseCursor();
  EndAll(error::Make(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESOURCE_NOT_FOUND, "the subscription was deleted"));
}

// What the cursor holds back may be as it was before.
void Group::Erase(const record::QuoteEraser& eraser) {
  const absl::MutexLock lock(&mutex_);
  AwaitQuiet();
  CloseCursor();
  ledger_.ChangeEvents([&eraser](const Event& event) -> EventPtr {
    Event erased = event;  // its pairs stay: its place among others is by them
    const auto is_changed = eraser.EraseFrom(erased.frame);
    return is_changed.ok() && *is_changed ? std::make_shared<const Event>(std::move(erased)) : nullptr;
  });
  WakeAll();
}

void Group::AddDead(uint64_t position) {
  const absl::MutexLock lock(&mutex_);
  ledger_.AddDead(position);
}

void Group::Replay(std::vector<EventPtr> events) {
  const absl::MutexLock lock(&mutex_);
  for (EventPtr& event : events) ledger_.Replay(std::move(event));
  WakeAll();
}

// The stream is read from what the ledger has considered.
void Group::OpenCursor() { cursor_.emplace(shared_.log, shared_.hub, filters_.set, ledger_.considered(), v1::ON_EXPIRED_EARLIEST); }

void Group::CloseCursor() {
  if (cursor_) cursor_->Forget(shared_from_this());
  cursor_.reset();
}

void Group::EndAll(const absl::Status& status) {
  for (auto& [id, member] : members_) {
    member.end = status;
    member.is_waiting = true;
  }
  waiting_.clear();
  committing_ = 0;
  WakeAll();
}

void Group::WakeAll() {
  for (auto& [id, member] : members_) {
    if (std::exchange(member.is_waiting, false)) shared_.wake(member.waiter);
  }
}

void Group::AwaitQuiet() {
  const auto is_quiet = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !is_reading_; };
  mutex_.Await(absl::Condition(&is_quiet));
}

}  // namespace demarche::subscriptions
