#ifndef DEMARCHE_SERVER_SUBSCRIPTIONS_LEDGER_H_
#define DEMARCHE_SERVER_SUBSCRIPTIONS_LEDGER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "demarche/stored/v1/subscription.pb.h"
#include "server/subscriptions/event.h"

namespace demarche::subscriptions {

using TimePoint = std::chrono::steady_clock::time_point;
using MemberId = uint64_t;

// Positions, both ends included.
struct Range {
  uint64_t first = 0;
  uint64_t last = 0;
};

// One delivery of an event, the `count`th.
struct Delivery {
  EventPtr event;
  uint32_t count = 0;
};

// Who works on what: the events of one subscription that were considered and are not done, their leases, and what has to be on the
// disk. Pure logic: no threads, no clock, no disk. Events come in by Add and Pass, in order, and go out by Lease; what is
// acknowledged or given up on is done once the commit that holds it has ended well.
class Ledger {
 public:
  struct Settings {
    std::chrono::milliseconds lease{};
    uint32_t max_deliveries = 0;
  };

  Ledger(Settings settings, const stored::v1::SubscriptionProgress& progress);

  void set_settings(Settings settings) { settings_ = settings; }

  // What was considered.
  uint64_t considered() const { return considered_; }
  // Whether more may be added.
  bool has_room() const;
  // A wanted event after considered(). Passes over it when it was done before.
  void Add(EventPtr event);
  // Nothing that is wanted and was not added lies up to the position.
  void Pass(uint64_t through);
  // What lies up to the position no longer exists. Gives how many positions were not done.
  uint64_t Lose(uint64_t through);

  // Leases what is free, oldest first: at most so many events, and no more once so many bytes are reached.
  std::vector<Delivery> Lease(MemberId member, uint64_t max_events, uint64_t max_bytes, TimePoint now);
  bool has_free() const { return !free_.empty(); }
  // The member's events in the range are done. Adds to `lost` those that another works on, and dead letters. An event that the
  // member no longer leases and nobody else works on is the member's still.
  void Ack(MemberId member, Range range, std::vector<uint64_t>& lost);
  // The member's events in the range are free again, at once or later.
  void Nack(MemberId member, Range range, std::chrono::milliseconds delay, TimePoint now);
  // Frees what the member leases.
  void Leave(MemberId member);
  // Frees what was leased for too long, and what was put off until now.
  void Expire(TimePoint now);

  // Dead letters, from the disk: to be delivered again, or at rest. One that lies before considered() is delivered from its own
  // copy; one that is still to come when the log is there, so that it keeps its place.
  void AddDead(uint64_t position) { dead_.try_emplace(position); }
  void Replay(EventPtr event);
  size_t dead_count() const { return dead_.size(); }

  // Exchanges events for others of the same positions: `change` gives null for what stays. No commit is under way.
  void ChangeEvents(absl::FunctionRef<EventPtr(const Event&)> change);

  // What a commit brings to the disk.
  struct Commit {
    stored::v1::SubscriptionProgress progress;
    std::vector<Delivery> buried;    // become dead letters
    std::vector<uint64_t> unburied;  // dead letters that are done
  };
  // One at a time.
  Commit BeginCommit();
  // `is_durable`: it is on the disk. Otherwise it has changed nothing, and the next one holds it too.
  void EndCommit(bool is_durable);
  // Whether something is done that is not on the disk.
  bool is_dirty() const { return !closing_.empty(); }
  // Whether the disk knows of all that was considered.
  bool is_committed() const { return committed_ == considered_; }
  // Up to which everything is done and on the disk.
  uint64_t done_through() const { return done_through_; }
  uint64_t lost_count() const { return lost_count_; }

  size_t leased_count() const { return leased_count_; }
  // Begins anew from this progress; dead letters stay, and are replayed as before.
  void MoveTo(const stored::v1::SubscriptionProgress& progress);
  // Holds only the progress again, and no event: considered() goes back. Needs what is not done not to be at work, nor put off.
  // False when it is.
  bool Rewind();

 private:
  enum class State {
    kFree,     // waits for a consumer, or for those of its pairs that came before
    kPutOff,   // until `until`
    kLeased,   // by `member`, until `until`
    kClosing,  // done, or given up on, and not yet on the disk
  };
  struct Entry {
    EventPtr event;
    State state = State::kFree;
    bool is_buried = false;  // kClosing: given up on
    bool is_in_log = true;   // not a replayed dead letter, which lies behind
    bool is_committing = false;
    uint32_t count = 0;  // deliveries
    MemberId member = 0;
    TimePoint until{};
    std::vector<MemberId> delivered_to;
  };
  using Entries = std::map<uint64_t, Entry>;

  void Insert(EventPtr event, bool is_in_log);
  // Into free_, if all that came before it in its pairs is done.
  void Offer(const Entry& entry);
  void Free(Entry& entry);
  void EndLease(Entry& entry);
  void Close(Entry& entry, bool is_buried);
  void Erase(Entries::iterator entry);
  bool IsDoneBefore(uint64_t position);
  uint64_t Progress(stored::v1::SubscriptionProgress& progress) const;

  Settings settings_;
  uint64_t considered_;
  uint64_t done_through_;
  uint64_t lost_count_;
  std::deque<Range> done_after_;                    // after considered_, from the disk
  std::map<uint64_t, EventPtr> replays_;            // dead letters after considered_: their turn comes in the order of the log
  absl::flat_hash_map<uint64_t, uint32_t> counts_;  // of deliveries, for events yet to come

  Entries entries_;
  size_t bytes_ = 0;
  size_t leased_count_ = 0;
  std::set<uint64_t> free_;                          // may be leased
  std::set<std::pair<TimePoint, uint64_t>> timers_;  // of what is leased or put off
  absl::flat_hash_map<MemberId, std::set<uint64_t>> leases_;
  absl::flat_hash_map<uint64_t, std::set<uint64_t>> queues_;  // of each pair
  std::vector<uint64_t> closing_;
  std::map<uint64_t, std::vector<MemberId>> dead_;  // and those that it was delivered to before it was one
  uint64_t committing_through_ = 0;
  uint64_t committing_ = 0;  // considered_, as the commit has it
  uint64_t committed_ = 0;   // considered_, as the disk has it
};

}  // namespace demarche::subscriptions

#endif  // DEMARCHE_SERVER_SUBSCRIPTIONS_LEDGER_H_
