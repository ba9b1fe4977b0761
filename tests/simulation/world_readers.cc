#include <algorithm>
#include <utility>

#include "demarche/v1/event_service.pb.h"
#include "server/subscription/position.h"
#include "server/subscriptions/rows.h"
#include "tests/simulation/filters.h"
#include "tests/simulation/world.h"

// The readers: watches and consumers, and what is done to subscriptions.
namespace demarche::simulation {

using subscription::Step;
using subscriptions::Share;

// As a client that comes again from where it was.
void World::OpenWatch(size_t index) {
  Watch& watch = watches_[index];
  watch.feed.reset();
  watch.flag = std::make_shared<Flag>();
  const log::LogInfo info = log_->info();
  const auto opening = subscription::ResolveAfter(watch.model->reached(), v1::ON_EXPIRED_EARLIEST, info);
  if (!opening.ok()) return verdict_.Fail("a watch cannot go on: " + std::string(opening.status().message()));
  if (opening->lost) watch.model->Lost(*opening->lost, info.first_position, verdict_);
  // It does not know the former filters any more.
  const Wanted wanted{watch.model->wanted().filters, {}};
  watch.model.emplace("watch " + std::to_string(index), truths_, wanted, opening->after);
  auto feed = subscription::Feed::Open(*log_, *hub_, ToProto(wanted.filters), opening->after, v1::ON_EXPIRED_EARLIEST);
  if (!feed.ok()) return verdict_.Fail("a watch cannot open: " + std::string(feed.status().message()));
  watch.feed.emplace(*std::move(feed));
  watch.feed->Grant(4, 0);
}

void World::StepWatch(Watch& watch, bool may_read) {
  if (!watch.flag->is_set || !watch.feed->has_credit()) return;
  const auto step = watch.feed->Next(watch.flag, may_read);
  if (!step.ok()) return verdict_.Fail("a watch ended: " + std::string(step.status().message()));
  if (step->kind == Step::Kind::kIdle) watch.flag->is_set = !watch.feed->has_credit();
  if (step->kind == Step::Kind::kGap) return watch.model->Lost(step->lost, log_->info().first_position, verdict_);
  if (step->batch != nullptr) {
    std::string bytes;
    for (const auto& piece : step->batch->pieces) bytes.append(piece.data.get(), piece.size);
    v1::EventBatch batch;
    if (!batch.ParseFromString(bytes + step->batch->beside)) return verdict_.Fail("a batch does not parse");
    for (int i = 0; i < batch.events_size(); ++i) {
      const auto position = std::stoull(batch.positions(i).substr(17), nullptr, 16);
      trace_.push_back(position);
      watch.model->Sent(position, batch.events(i).event_id(), batch.matched_filters(i), batch.filter_exit(i), verdict_);
    }
  }
  watch.model->Reached(watch.feed->position(), verdict_);
}

void World::ChangeFilters(Watch& watch, uint32_t argument) {
  const auto filters = FiltersOf(argument);
  if (!watch.feed->Change(ToProto(filters), watch.flag).ok()) return;
  watch.model->Reached(watch.feed->position(), verdict_);
  watch.model->Change(filters);
  watch.flag->is_set = true;
}

subscriptions::GroupPtr World::Group(size_t index) const { return *subscriptions_->Find(groups_[index].settings().name); }

void World::StepConsumer(Consumer& consumer, bool may_read) {
  const subscriptions::GroupPtr group = Group(consumer.group);
  GroupModel& model = groups_[consumer.group];
  model.set_first_position(log_->info().first_position);
  if (consumer.member == 0) {
    consumer.flag = std::make_shared<Flag>();
    consumer.member = group->Join(consumer.flag);
    consumer.credit = 3;
  }
  if (!consumer.flag->is_set) return;
  auto share = group->Next(consumer.member, {consumer.credit, 1000}, may_read);
  if (!share.ok()) return verdict_.Fail("a consumer ended: " + std::string(share.status().message()));
  switch (share->kind) {
    case Share::Kind::kEvents:
      for (const auto& delivery : share->deliveries) {
        trace_.insert(trace_.end(), {consumer.member, delivery.event->position, delivery.count});
        model.Delivered(consumer.member, delivery, now_ms_, verdict_);
      }
      consumer.credit -= share->deliveries.size();
      return;
    case Share::Kind::kConfirmed:
      for (const subscriptions::Range& range : share->confirmed) trace_.insert(trace_.end(), {range.first, range.last});
      return model.Confirmed(consumer.member, share->confirmed, share->lost, verdict_);
    case Share::Kind::kGap:
      return model.Gap(share->gap, share->gap_count, log_->info().first_position, verdict_);
    case Share::Kind::kIdle:
      consumer.flag->is_set = false;
      return;
    case Share::Kind::kPassed:
    case Share::Kind::kMustRead:
      return;
  }
}

void World::Leave(Consumer& consumer) {
  if (consumer.member == 0) return;
  groups_[consumer.group].Left(consumer.member);
  Group(consumer.group)->Leave(std::exchange(consumer.member, 0));
}

// Acknowledges, or refuses, some of what the consumer holds, and pays for as much again.
void World::Answer(Consumer& consumer, uint32_t argument, bool is_ack) {
  if (consumer.member == 0) return;
  GroupModel& model = groups_[consumer.group];
  const auto held = model.HeldBy(consumer.member);
  if (held.empty()) {
    consumer.credit = 3;
    consumer.flag->is_set = true;
    return;
  }
  const size_t first = argument % held.size();
  const size_t last = std::min(held.size() - 1, first + argument / 8 % 3);
  const subscriptions::Range range{held[first], held[last]};
  if (is_ack) {
    model.Acked(consumer.member, range, now_ms_);
    Group(consumer.group)->Ack(consumer.member, {range});
  } else {
    const int64_t delay_ms = argument / 32 % 2 == 0 ? 0 : 700;
    model.Nacked(consumer.member, range, now_ms_, delay_ms);
    Group(consumer.group)->Nack(consumer.member, {range}, std::chrono::milliseconds(delay_ms));
  }
  consumer.credit += last - first + 1;
  consumer.flag->is_set = true;
}

void World::Commit() {
  if (!std::exchange(is_dirty_, false)) return;
  if (subscriptions_->Commit().ok() && !storage_->has_crashed()) ReadDeadLetters();
}

void World::Trim(uint32_t argument) {
  log::Retention retention;
  retention.records_before_us = now_us_ - static_cast<int64_t>(argument % 8) * 1000;
  retention.keep_after = subscriptions_->keep_after();
  log_->Trim(retention).IgnoreError();
  for (GroupModel& group : groups_) group.set_first_position(log_->info().first_position);
}

void World::Seek(uint32_t argument) {
  GroupModel& model = groups_[argument % 2];
  const log::LogInfo info = log_->info();
  const uint64_t target = info.first_position + argument / 2 % (info.last_position - info.first_position + 1);
  v1::StartPosition start;
  start.set_after(subscription::FormatPosition(info.epoch, target));
  const bool is_moved = subscriptions_->Seek(model.settings().name, start).ok();
  if (storage_->has_crashed()) {
    move_in_doubt_ = Move{&model, target};
    return;
  }
  ReadDeadLetters();  // it commits first
  if (!is_moved) return;
  for (Consumer& consumer : consumers_) {
    if (consumer.group != argument % 2 || consumer.member == 0) continue;
    if (Group(consumer.group)->Next(consumer.member, {1, 1}, true).ok()) verdict_.Fail("a consumer outlived a seek");
    Leave(consumer);
  }
  model.Moved(target);
}

// Whether a move whose write ended in a crash reached the disk all the same.
void World::ResolveMove() {
  const auto move = std::exchange(move_in_doubt_, std::nullopt);
  if (!move.has_value()) return;
  const std::string key = subscriptions::ProgressKey(move->group->settings().name);
  const auto rows = log_->ReadState(key, "", 1);
  stored::v1::SubscriptionProgress progress;
  if (!rows.ok() || rows->empty() || rows->front().key != key || !progress.ParseFromString(rows->front().value)) {
    return verdict_.Fail("the progress of a subscription cannot be read");
  }
  if (progress.done_through() == move->after && progress.done_ranges().empty()) move->group->Moved(move->after);
}

// The model hears of what was given up on.
void World::ReadDeadLetters() {
  for (GroupModel& model : groups_) {
    const auto letters = subscriptions_->ListDeadLetters(model.settings().name, "", 1000);
    if (!letters.ok()) return verdict_.Fail("dead letters cannot be read");
    for (int i = 0; i < letters->batch.events_size(); ++i) {
      model.Dead(std::stoull(letters->batch.positions(i).substr(17), nullptr, 16), letters->batch.delivery_counts(i), verdict_);
    }
  }
}

void World::Replay(uint32_t argument) {
  ReadDeadLetters();
  GroupModel& model = groups_[argument % 2];
  const auto letters = subscriptions_->ListDeadLetters(model.settings().name, "", 1);
  if (!letters.ok() || letters->batch.events().empty()) return;
  const uint64_t position = std::stoull(letters->batch.positions(0).substr(17), nullptr, 16);
  const auto count = subscriptions_->Replay(model.settings().name, {position});
  if (count.value_or(0) > 0 || storage_->has_crashed()) model.Replayed(position);
}

}  // namespace demarche::simulation
