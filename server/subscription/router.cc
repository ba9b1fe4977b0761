#include "server/subscription/router.h"

#include <algorithm>

#include "server/limits/limits.h"

namespace demarche::subscription {
namespace {

// Placed records looked at under one lock: those who join or leave wait no longer.
constexpr size_t kGroup = 64;
// Stretches of all lanes together, some 64 bytes each, and the fewest that a lane may keep.
constexpr size_t kMaxStretches = size_t{1} << 18;
constexpr size_t kMinStretches = limits::kMaxBatchEvents;

}  // namespace

Router::~Router() = default;

Router::Member& Router::Join(const FilterSet& filters) {
  const absl::MutexLock lock(&mutex_);
  std::unique_ptr<Member>& member = members_[filters.Key()];
  if (member == nullptr) {
    member.reset(new Member(filters, std::max(through(), forgotten_)));
    Index(*member);
  }
  ++member->users_;
  return *member;
}

void Router::Index(Member& member) {
  if (member.filters_.matches_all()) {
    all_ = &member;
    return;
  }
  int bit = 0;
  for (const query::Filter& filter : member.filters_.filters()) AddUse(member, filter, bit++, /*is_former=*/false);
  for (const FormerFilter& former : member.filters_.former()) AddUse(member, former.filter, former.bit, /*is_former=*/true);
}

void Router::AddUse(Member& member, const query::Filter& filter, int bit, bool is_former) {
  const query::FilterIndex::Id id = index_.Add(filter);
  if (uses_.size() <= id) uses_.resize(id + 1);
  uses_[id].push_back({&member, bit, is_former});
  member.ids_.push_back(id);
}

void Router::Leave(Member& member) {
  const absl::MutexLock lock(&mutex_);
  if (--member.users_ > 0) return;
  if (all_ == &member) all_ = nullptr;
  for (const query::FilterIndex::Id id : member.ids_) {
    std::erase_if(uses_[id], [&](const Use& use) { return use.member == &member; });
    index_.Remove(id);
  }
  members_.erase(member.filters_.Key());
}

size_t Router::MaxStretches() const { return std::max(kMinStretches, kMaxStretches / std::max<size_t>(1, members_.size())); }

void Router::Dispatch(std::span<const Placed> placed, uint64_t skipped, uint64_t end, std::vector<WaiterPtr>& woken) {
  if (skipped > through()) {
    const absl::MutexLock lock(&mutex_);
    for (auto& [key, member] : members_) {
      member->lane_.Skip(skipped);
      member->lane_.TakeWaiters(woken);
    }
  }
  do {
    const absl::MutexLock lock(&mutex_);
    const std::span<const Placed> group = placed.first(std::min(kGroup, placed.size()));
    placed = placed.subspan(group.size());
    DispatchGroup(group);
    const uint64_t reached = placed.empty() ? end : group.back().chunk->position(group.back().entry + group.back().count - 1);
    through_.store(std::max(through(), reached), std::memory_order_release);
    for (Member* member : fed_) {
      member->is_fed_ = false;
      member->lane_.TakeWaiters(woken);
    }
    fed_.clear();
  } while (!placed.empty());
}

void Router::Forget(uint64_t through) {
  const absl::MutexLock lock(&mutex_);
  forgotten_ = through;
  for (auto& [key, member] : members_) member->lane_.Skip(through);
}

void Router::DispatchGroup(std::span<const Placed> placed) {
  if (all_ != nullptr) AddToAll(placed);
  if (index_.size() == 0) return;
  for (const Placed& some : placed) {
    for (uint32_t i = 0; i < some.count; ++i) {
      Match(some.record->events(some.event + static_cast<int>(i)));
      for (Member* member : touched_) {
        member->lane_.Add(some.chunk, some.entry + i, some.entry + i + 1, member->match_, MaxStretches());
        member->match_ = {};
        member->is_touched_ = false;
        if (!std::exchange(member->is_fed_, true)) fed_.push_back(member);
      }
      touched_.clear();
    }
  }
}

// As long stretches.
void Router::AddToAll(std::span<const Placed> placed) {
  for (size_t i = 0; i < placed.size();) {
    const Placed& first = placed[i];
    uint32_t last = first.entry + first.count;
    for (++i; i < placed.size() && placed[i].chunk == first.chunk; ++i) last += placed[i].count;
    all_->lane_.Add(first.chunk, first.entry, last, {1, false}, MaxStretches());
  }
  if (!placed.empty() && !std::exchange(all_->is_fed_, true)) fed_.push_back(all_);
}

// Leaves in touched_ who wants it, with the match.
void Router::Match(const stored::v1::StoredEvent& event) {
  index_.FindMatches(event.header(), matching_);
  for (const query::FilterIndex::Id id : matching_) {
    for (const Use& use : uses_[id]) {
      if (use.is_former) continue;
      Touch(*use.member);
      use.member->match_.filters |= uint32_t{1} << use.bit;
    }
  }
  if (!event.has_previous_header()) return;
  index_.FindMatches(event.previous_header(), matching_before_);
  for (const query::FilterIndex::Id id : matching_before_) {
    for (const Use& use : uses_[id]) {
      if ((use.member->match_.filters >> use.bit & 1) != 0) continue;
      Touch(*use.member);
      use.member->match_.is_exit = true;
    }
  }
}

void Router::Touch(Member& member) {
  if (!std::exchange(member.is_touched_, true)) touched_.push_back(&member);
}

}  // namespace demarche::subscription
