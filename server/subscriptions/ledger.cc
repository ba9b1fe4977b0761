#include "server/subscriptions/ledger.h"

#include <algorithm>

#include "server/limits/limits.h"

namespace demarche::subscriptions {

Ledger::Ledger(Settings settings, const stored::v1::SubscriptionProgress& progress)
    : settings_(settings),
      considered_(progress.done_through()),
      done_through_(progress.done_through()),
      lost_count_(progress.lost_count()),
      committed_(considered_) {
  for (int i = 0; i + 1 < progress.done_ranges_size(); i += 2) {
    done_after_.push_back({progress.done_ranges(i), progress.done_ranges(i + 1)});
  }
  for (int i = 0; i + 1 < progress.delivery_counts_size(); i += 2) {
    counts_[progress.delivery_counts(i)] = static_cast<uint32_t>(progress.delivery_counts(i + 1));
  }
}

bool Ledger::has_room() const { return entries_.size() < limits::kMaxOutstandingEvents && bytes_ < limits::kMaxOutstandingBytes; }

bool Ledger::IsDoneBefore(uint64_t position) {
  while (!done_after_.empty() && done_after_.front().last < position) done_after_.pop_front();
  return !done_after_.empty() && done_after_.front().first <= position;
}

void Ledger::Add(EventPtr event) {
  const uint64_t position = event->position;
  const bool is_done = IsDoneBefore(position);
  if (!is_done) replays_.erase(position);  // it comes from the log
  Pass(position);
  if (!is_done) Insert(std::move(event), /*is_in_log=*/true);
}

void Ledger::Pass(uint64_t through) {
  considered_ = std::max(considered_, through);
  while (!replays_.empty() && replays_.begin()->first <= considered_) {
    EventPtr event = std::move(replays_.begin()->second);
    replays_.erase(replays_.begin());
    Replay(std::move(event));
  }
}

void Ledger::Insert(EventPtr event, bool is_in_log) {
  const uint64_t position = event->position;
  bytes_ += event->bytes();
  for (const uint64_t pair : event->pairs) queues_[pair].insert(position);
  Entry& entry = entries_[position];
  entry.event = std::move(event);
  entry.is_in_log = is_in_log;
  if (const auto known = counts_.find(position); known != counts_.end()) {
    entry.count = known->second;
    counts_.erase(known);
  }
  Offer(entry);
}

uint64_t Ledger::Lose(uint64_t through) {
  if (through <= considered_) return 0;
  uint64_t lost = through - considered_;
  for (const Range& range : done_after_) {
    if (range.first > through) break;
    if (range.last <= considered_) continue;
    lost -= std::min(range.last, through) - std::max(range.first, considered_ + 1) + 1;
  }
  absl::erase_if(counts_, [through](const auto& count) { return count.first <= through; });
  lost_count_ += lost;
  Pass(through);
  return lost;
}

void Ledger::Offer(const Entry& entry) {
  const uint64_t position = entry.event->position;
  const auto is_first = [&](uint64_t pair) { return *queues_[pair].begin() == position; };
  if (std::all_of(entry.event->pairs.begin(), entry.event->pairs.end(), is_first)) free_.insert(position);
}

std::vector<Delivery> Ledger::Lease(MemberId member, uint64_t max_events, uint64_t max_bytes, TimePoint now) {
  std::vector<Delivery> deliveries;
  uint64_t bytes = 0;
  while (!free_.empty() && deliveries.size() < max_events && bytes < max_bytes) {
    const uint64_t position = *free_.begin();
    Entry& entry = entries_.at(position);
    if (!deliveries.empty() && bytes + entry.event->bytes() > limits::kMaxBatchBytes) break;
    free_.erase(free_.begin());
    entry.state = State::kLeased;
    entry.member = member;
    entry.delivered_to.push_back(member);
    entry.until = now + settings_.lease;
    ++entry.count;
    timers_.emplace(entry.until, position);
    leases_[member].insert(position);
    ++leased_count_;
    bytes += entry.event->bytes();
    deliveries.push_back({entry.event, entry.count});
  }
  return deliveries;
}

void Ledger::EndLease(Entry& entry) {
  timers_.erase({entry.until, entry.event->position});
  if (entry.state == State::kLeased) {
    leases_[entry.member].erase(entry.event->position);
    --leased_count_;
  }
  entry.state = State::kFree;
}

// For another delivery, or as a dead letter when there were enough.
void Ledger::Free(Entry& entry) {
  EndLease(entry);
  if (entry.count >= settings_.max_deliveries &&
      (dead_.size() < limits::kMaxDeadLetters || dead_.contains(entry.event->position))) {
    return Close(entry, /*is_buried=*/true);
  }
  Offer(entry);
}

void Ledger::Close(Entry& entry, bool is_buried) {
  EndLease(entry);
  free_.erase(entry.event->position);
  entry.state = State::kClosing;
  entry.is_buried = is_buried;
  if (is_buried) dead_.try_emplace(entry.event->position);
  closing_.push_back(entry.event->position);
}

void Ledger::Ack(MemberId member, Range range, std::vector<uint64_t>& lost) {
  const auto had_it = [member](const std::vector<MemberId>& delivered_to) {
    return std::find(delivered_to.begin(), delivered_to.end(), member) != delivered_to.end();
  };
  for (auto it = entries_.lower_bound(range.first); it != entries_.end() && it->first <= range.last; ++it) {
    Entry& entry = it->second;
    if (!had_it(entry.delivered_to)) continue;
    const bool is_anothers = entry.state == State::kLeased && entry.member != member;
    if (is_anothers || (entry.is_buried && entry.is_committing)) {
      lost.push_back(it->first);
    } else if (entry.state == State::kClosing) {
      entry.is_buried = false;
    } else {
      Close(entry, /*is_buried=*/false);
    }
  }
  for (auto it = dead_.lower_bound(range.first); it != dead_.end() && it->first <= range.last; ++it) {
    if (!entries_.contains(it->first) && had_it(it->second)) lost.push_back(it->first);
  }
}

void Ledger::Nack(MemberId member, Range range, std::chrono::milliseconds delay, TimePoint now) {
  const auto found = leases_.find(member);
  if (found == leases_.end()) return;
  const std::vector<uint64_t> positions(found->second.lower_bound(range.first), found->second.upper_bound(range.last));
  for (const uint64_t position : positions) {
    Entry& entry = entries_.at(position);
    Free(entry);
    if (entry.state != State::kFree || delay.count() == 0) continue;
    free_.erase(position);
    entry.state = State::kPutOff;
    entry.until = now + delay;
    timers_.emplace(entry.until, position);
  }
}

void Ledger::Leave(MemberId member) {
  const auto found = leases_.find(member);
  if (found == leases_.end()) return;
  const std::set<uint64_t> positions = found->second;
  for (const uint64_t position : positions) Free(entries_.at(position));
  leases_.erase(member);
}

void Ledger::Expire(TimePoint now) {
  while (!timers_.empty() && timers_.begin()->first <= now) {
    Entry& entry = entries_.at(timers_.begin()->second);
    if (entry.state == State::kLeased) {
      Free(entry);
    } else {
      EndLease(entry);
      Offer(entry);
    }
  }
}

void Ledger::Replay(EventPtr event) {
  const uint64_t position = event->position;
  if (entries_.contains(position)) return;
  if (position > considered_) {
    replays_.emplace(position, std::move(event));
    return;
  }
  Insert(std::move(event), /*is_in_log=*/false);
  entries_.at(position).delivered_to = dead_[position];
}

// Everything considered is done but for the entries; gives up to where nothing is missing.
uint64_t Ledger::Progress(stored::v1::SubscriptionProgress& progress) const {
  uint64_t through = considered_;
  uint64_t after = 0;  // the last that is not done; 0: none yet
  const auto add_done = [&](uint64_t first, uint64_t last) {
    if (first > last) return;
    progress.add_done_ranges(first);
    progress.add_done_ranges(last);
  };
  for (const auto& [position, entry] : entries_) {
    if (!entry.is_in_log || entry.is_committing) continue;
    if (after == 0) {
      through = position - 1;
    } else {
      add_done(after + 1, position - 1);
    }
    after = position;
    if (entry.count < 2) continue;
    progress.add_delivery_counts(position);
    progress.add_delivery_counts(entry.count);
  }
  if (after != 0) add_done(after + 1, considered_);
  for (const Range& range : done_after_) add_done(std::max(range.first, considered_ + 1), range.last);
  for (const auto& [position, count] : counts_) {
    if (count < 2) continue;
    progress.add_delivery_counts(position);
    progress.add_delivery_counts(count);
  }
  progress.set_done_through(through);
  progress.set_lost_count(lost_count_);
  return through;
}

void Ledger::ChangeEvents(absl::FunctionRef<EventPtr(const Event&)> change) {
  for (auto& [position, entry] : entries_) {
    EventPtr changed = change(*entry.event);
    if (changed == nullptr) continue;
    bytes_ = bytes_ - entry.event->bytes() + changed->bytes();
    entry.event = std::move(changed);
  }
  for (auto& [position, event] : replays_) {
    if (EventPtr changed = change(*event); changed != nullptr) event = std::move(changed);
  }
}

Ledger::Commit Ledger::BeginCommit() {
  Commit commit;
  for (const uint64_t position : closing_) {
    Entry& entry = entries_.at(position);
    entry.is_committing = true;
    if (entry.is_buried) {
      commit.buried.push_back({entry.event, entry.count});
    } else if (dead_.contains(position)) {
      commit.unburied.push_back(position);
    }
  }
  committing_through_ = Progress(commit.progress);
  committing_ = considered_;
  return commit;
}

void Ledger::EndCommit(bool is_durable) {
  std::vector<uint64_t> later;
  for (const uint64_t position : closing_) {
    const auto found = entries_.find(position);
    Entry& entry = found->second;
    if (!entry.is_committing || !is_durable) {
      entry.is_committing = false;
      later.push_back(position);
      continue;
    }
    if (entry.is_buried) {
      dead_[position] = std::move(entry.delivered_to);
    } else {
      dead_.erase(position);
    }
    Erase(found);
  }
  closing_ = std::move(later);
  if (!is_durable) return;
  done_through_ = committing_through_;
  committed_ = committing_;
}

void Ledger::Erase(Entries::iterator entry) {
  const EventPtr event = entry->second.event;
  bytes_ -= event->bytes();
  entries_.erase(entry);
  for (const uint64_t pair : event->pairs) {
    std::set<uint64_t>& queue = queues_[pair];
    queue.erase(event->position);
    if (queue.empty()) {
      queues_.erase(pair);
      continue;
    }
    const Entry& next = entries_.at(*queue.begin());
    if (next.state == State::kFree) Offer(next);
  }
}

void Ledger::MoveTo(const stored::v1::SubscriptionProgress& progress) {
  std::vector<EventPtr> replayed;
  for (const auto& [position, entry] : entries_) {
    if (!entry.is_in_log) replayed.push_back(entry.event);
  }
  for (auto& [position, event] : replays_) replayed.push_back(std::move(event));
  auto dead = std::move(dead_);
  *this = Ledger(settings_, progress);
  dead_ = std::move(dead);
  for (EventPtr& event : replayed) Replay(std::move(event));
}

bool Ledger::Rewind() {
  if (!closing_.empty() || leased_count_ > 0 || !timers_.empty()) return false;
  const auto is_replayed = [](const auto& entry) { return !entry.second.is_in_log; };
  if (std::any_of(entries_.begin(), entries_.end(), is_replayed)) return false;
  if (entries_.empty()) return true;
  stored::v1::SubscriptionProgress progress;
  Progress(progress);
  for (const auto& [position, entry] : entries_) {
    if (entry.count > 0) counts_[position] = entry.count;
  }
  done_after_.clear();
  for (int i = 0; i + 1 < progress.done_ranges_size(); i += 2) {
    done_after_.push_back({progress.done_ranges(i), progress.done_ranges(i + 1)});
  }
  considered_ = progress.done_through();
  entries_.clear();
  free_.clear();
  queues_.clear();
  leases_.clear();
  bytes_ = 0;
  return true;
}

}  // namespace demarche::subscriptions
