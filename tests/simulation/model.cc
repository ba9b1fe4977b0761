#include "tests/simulation/model.h"

#include <algorithm>
#include <utility>

namespace demarche::simulation {
namespace {

bool Matches(int wanted, int type) { return wanted == 0 || wanted == type; }

}  // namespace

Wanted::Match Wanted::MatchOf(const Truth& truth) const {
  Match match;
  for (size_t i = 0; i < filters.size(); ++i) {
    const auto& [name, type] = filters[i];
    if (Matches(type, truth.type)) {
      match.bits |= 1U << i;
      continue;
    }
    if (truth.type_before == 0) continue;
    match.is_exit |= Matches(type, truth.type_before);
    for (const auto& [former_name, former_type] : former) {
      match.is_exit |= former_name == name && Matches(former_type, truth.type_before);
    }
  }
  return match;
}

void Wanted::Change(const std::vector<std::pair<std::string, int>>& wanted) {
  former.insert(former.end(), filters.begin(), filters.end());
  filters = wanted;
  std::erase_if(former, [this](const auto& old) {
    return std::none_of(filters.begin(), filters.end(), [&](const auto& now) { return now.first == old.first; });
  });
}

void WatchModel::Sent(uint64_t position, const std::string& event_id, uint32_t filters, bool is_exit, Verdict& verdict) {
  if (position <= reached_) return verdict.Fail(name_ + " was sent " + std::to_string(position) + " again");
  Reached(position - 1, verdict);
  const auto truth = truths_.find(position);
  if (truth == truths_.end()) return verdict.Fail(name_ + " was sent " + std::to_string(position) + ", which is not on the disk");
  const Wanted::Match match = wanted_.MatchOf(truth->second);
  if (!match.is_wanted()) verdict.Fail(name_ + " was sent " + std::to_string(position) + ", which it does not want");
  if (match.bits != filters || match.is_exit != is_exit)
    verdict.Fail(name_ + " was told wrong marks of " + std::to_string(position));
  if (truth->second.event_id != event_id) verdict.Fail(name_ + " was sent another event at " + std::to_string(position));
  reached_ = position;
}

void WatchModel::Reached(uint64_t position, Verdict& verdict) {
  for (auto it = truths_.upper_bound(reached_); it != truths_.end() && it->first <= position; ++it) {
    if (wanted_.MatchOf(it->second).is_wanted()) verdict.Fail(name_ + " was not sent " + std::to_string(it->first));
  }
  reached_ = std::max(reached_, position);
}

void WatchModel::Lost(const subscription::Lost& lost, uint64_t first_position, Verdict& verdict) {
  if (lost.resumed_at > first_position) verdict.Fail(name_ + " was told of a gap that is none");
  if (lost.after > reached_) Reached(lost.after, verdict);
  reached_ = std::max(reached_, lost.resumed_at);
}

void GroupModel::Delivered(uint64_t member, const subscriptions::Delivery& delivery, int64_t now_ms, Verdict& verdict) {
  const uint64_t position = delivery.event->position;
  const auto truth = truths_.find(position);
  State& state = events_[position];
  if (truth == truths_.end() || (!IsWanted(truth->second) && !state.is_replayed)) {
    return verdict.Fail(Name(position) + " was delivered but is not wanted");
  }
  if (state.is_confirmed) verdict.Fail(Name(position) + " was delivered after its acknowledgement was confirmed");
  if (state.holder != 0 && state.until_ms > now_ms) verdict.Fail(Name(position) + " was delivered while another holds it");
  if (delivery.count == 0 || delivery.count > settings_.max_deliveries + state.cut_short) {
    verdict.Fail(Name(position) + " was delivered too often");
  }
  if (state.put_off_until_ms > now_ms) verdict.Fail(Name(position) + " was delivered before the delay had passed");
  if (state.is_acked && !state.is_unsure) verdict.Fail(Name(position) + " was delivered after it was acknowledged");
  if (std::exchange(state.is_unsure, false)) state.is_acked = false;
  const Wanted::Match match = settings_.wanted.MatchOf(truth->second);
  if (delivery.event->match.filters != match.bits || delivery.event->match.is_exit != match.is_exit) {
    verdict.Fail(Name(position) + " was delivered with wrong marks");
  }
  for (auto it = truths_.upper_bound(after_); settings_.is_ordered && it->first < position; ++it) {
    if (it->second.pair == truth->second.pair && IsWanted(it->second) && !MayBeGone(it->first) && !events_[it->first].is_done()) {
      verdict.Fail(Name(position) + " was delivered before " + std::to_string(it->first) + " of the same parties was done");
    }
  }
  ++state.deliveries;
  if (delivery.count > state.deliveries) verdict.Fail(Name(position) + " has a delivery count that is too high");
  state.holder = member;
  state.until_ms = now_ms + settings_.lease_ms;
  state.put_off_until_ms = 0;
  state.delivered_to.insert(member);
}

std::vector<uint64_t> GroupModel::HeldBy(uint64_t member) const {
  std::vector<uint64_t> held;
  for (const auto& [position, state] : events_) {
    if (state.holder == member) held.push_back(position);
  }
  return held;
}

void GroupModel::Acked(uint64_t member, subscriptions::Range range, int64_t now_ms) {
  Pending pending{range, {}};
  for (auto it = events_.lower_bound(range.first); it != events_.end() && it->first <= range.last; ++it) {
    State& state = it->second;
    if (!state.delivered_to.contains(member)) continue;
    pending.delivered.push_back(it->first);
    if (state.holder == member || state.holder == 0) {
      state.is_acked = true;
    } else if (state.until_ms <= now_ms && !state.is_acked) {
      state.is_acked = state.is_unsure = true;  // the other's lease has run out, but it may not have been ended yet
    }
    if (state.holder == member) state.holder = 0;
    if (state.is_acked) state.put_off_until_ms = 0;
  }
  pending_[member].push_back(std::move(pending));
}

void GroupModel::Confirmed(uint64_t member, const std::vector<subscriptions::Range>& ranges, const std::vector<uint64_t>& lost,
                           Verdict& verdict) {
  for (const subscriptions::Range& range : ranges) {
    std::vector<Pending>& pending = pending_[member];
    if (pending.empty() || pending.front().range.first != range.first || pending.front().range.last != range.last) {
      return verdict.Fail(settings_.name + " confirmed what was not acknowledged");
    }
    for (const uint64_t position : pending.front().delivered) {
      State& state = events_[position];
      if (std::find(lost.begin(), lost.end(), position) != lost.end()) {
        state.is_unsure = !state.is_confirmed;
      } else {
        state.is_confirmed = state.is_acked = true;
      }
    }
    pending.erase(pending.begin());
  }
}

void GroupModel::Nacked(uint64_t member, subscriptions::Range range, int64_t now_ms, int64_t delay_ms) {
  for (const uint64_t position : HeldBy(member)) {
    if (position < range.first || position > range.last) continue;
    State& state = events_[position];
    state.holder = 0;
    if (state.until_ms > now_ms) state.put_off_until_ms = now_ms + delay_ms;
  }
}

void GroupModel::Left(uint64_t member) {
  for (const uint64_t position : HeldBy(member)) events_[position].holder = 0;
  pending_.erase(member);
}

void GroupModel::Gap(const subscription::Lost& lost, uint64_t count, uint64_t first_position, Verdict& verdict) {
  if (settings_.is_retained) verdict.Fail(settings_.name + " lost what should have been retained");
  if (lost.resumed_at > first_position) verdict.Fail(settings_.name + " was told of a gap that is none");
  if (count > lost.resumed_at - lost.after) verdict.Fail(settings_.name + " counted more as lost than was there");
  uint64_t wanted = 0;
  for (auto it = truths_.upper_bound(lost.after); it != truths_.end() && it->first <= lost.resumed_at; ++it) {
    State& state = events_[it->first];
    if (!IsWanted(it->second) || state.is_done()) continue;
    ++wanted;
    state.is_lost = true;
  }
  if (count < wanted) verdict.Fail(settings_.name + " counted less as lost than was there");
}

void GroupModel::Dead(uint64_t position, uint32_t count, Verdict& verdict) {
  State& state = events_[position];
  if (count < settings_.max_deliveries || count > state.deliveries)
    verdict.Fail(Name(position) + " is dead after too few deliveries");
  state.is_dead = true;
}

void GroupModel::Replayed(uint64_t position) {
  State& state = events_[position];
  state.is_replayed = true;
  state.is_acked = state.is_confirmed;
  state.put_off_until_ms = 0;
}

void GroupModel::Crashed() {
  for (auto& [position, state] : events_) {
    if (state.deliveries > 0 && !state.is_confirmed) ++state.cut_short;
    state.holder = 0;
    state.put_off_until_ms = 0;
    state.delivered_to.clear();
    state.is_unsure = state.is_acked && !state.is_confirmed;
  }
  pending_.clear();
}

void GroupModel::Moved(uint64_t after) {
  after_ = after;
  for (auto& [position, state] : events_) {
    state.holder = 0;
    state.put_off_until_ms = 0;
    state.delivered_to.clear();
    if (position > after) state.is_acked = state.is_unsure = state.is_confirmed = state.is_lost = false;
  }
  pending_.clear();
}

void GroupModel::CheckNothingWaits(int64_t now_ms, Verdict& verdict) const {
  std::set<int> blocked;  // pairs
  for (auto it = truths_.begin(); it != truths_.end(); ++it) {
    const auto found = events_.find(it->first);
    const State state = found == events_.end() ? State() : found->second;
    if (state.put_off_until_ms > now_ms) {
      blocked.insert(it->second.pair);  // a dead letter too, when it is replayed, even one that lies before the place
    } else if (it->first > after_ && IsWanted(it->second) && !state.is_done() && !MayBeGone(it->first) &&
               !(settings_.is_ordered && blocked.contains(it->second.pair))) {
      verdict.Fail(Name(it->first) + " waits though a consumer is free");
    }
  }
}

void GroupModel::CheckAllDone(uint64_t lost_count, Verdict& verdict) const {
  uint64_t gone = 0;
  for (auto it = truths_.upper_bound(after_); it != truths_.end(); ++it) {
    if (!IsWanted(it->second)) continue;
    const auto found = events_.find(it->first);
    if (found != events_.end() && found->second.is_done()) continue;
    if (!MayBeGone(it->first)) verdict.Fail(Name(it->first) + " was never done");
    ++gone;
  }
  if (gone > lost_count) verdict.Fail(settings_.name + " lost events and did not count them");
}

}  // namespace demarche::simulation
