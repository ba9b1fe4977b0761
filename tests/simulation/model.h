#ifndef DEMARCHE_TESTS_SIMULATION_MODEL_H_
#define DEMARCHE_TESTS_SIMULATION_MODEL_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/subscription/start.h"
#include "server/subscriptions/ledger.h"

namespace demarche::simulation {

// A revision that is on the disk.
struct Truth {
  uint64_t position = 0;
  std::string event_id;
  int type = 0;
  int type_before = 0;  // of the revision before; 0: there is none
  int pair = 0;         // of parties
};
using Truths = std::map<uint64_t, Truth>;

// What went against a promise; empty while nothing did.
class Verdict {
 public:
  void Fail(const std::string& what) {
    if (what_.empty()) what_ = what;
  }
  bool is_good() const { return what_.empty(); }
  const std::string& what() const { return what_; }

 private:
  std::string what_;
};

// Filters as the model knows them: a type by name, 0 for all. Former ones belong to a name.
struct Wanted {
  std::vector<std::pair<std::string, int>> filters;
  std::vector<std::pair<std::string, int>> former;

  struct Match {
    uint32_t bits = 0;
    bool is_exit = false;
    bool is_wanted() const { return bits != 0 || is_exit; }
  };
  Match MatchOf(const Truth& truth) const;
  void Change(const std::vector<std::pair<std::string, int>>& wanted);
};

// What a watch must be sent: every wanted revision after its place, once and in order, or a gap that is true.
class WatchModel {
 public:
  WatchModel(std::string name, const Truths& truths, Wanted wanted, uint64_t after)
      : name_(std::move(name)), truths_(truths), wanted_(std::move(wanted)), reached_(after) {}

  void Sent(uint64_t position, const std::string& event_id, uint32_t filters, bool is_exit, Verdict& verdict);
  // Says that everything up to it was sent.
  void Reached(uint64_t position, Verdict& verdict);
  void Lost(const subscription::Lost& lost, uint64_t first_position, Verdict& verdict);
  void Change(const std::vector<std::pair<std::string, int>>& wanted) { wanted_.Change(wanted); }
  const Wanted& wanted() const { return wanted_; }
  uint64_t reached() const { return reached_; }

 private:
  const std::string name_;
  const Truths& truths_;
  Wanted wanted_;
  uint64_t reached_;
};

// What a durable subscription may deliver and must not forget.
class GroupModel {
 public:
  struct Settings {
    std::string name;
    Wanted wanted;
    bool is_ordered = false;
    bool is_retained = false;
    uint32_t max_deliveries = 0;
    int64_t lease_ms = 0;
  };
  GroupModel(Settings settings, const Truths& truths, uint64_t after)
      : settings_(std::move(settings)), truths_(truths), after_(after) {}

  const Settings& settings() const { return settings_; }
  void Delivered(uint64_t member, const subscriptions::Delivery& delivery, int64_t now_ms, Verdict& verdict);
  void Acked(uint64_t member, subscriptions::Range range, int64_t now_ms);
  void Confirmed(uint64_t member, const std::vector<subscriptions::Range>& ranges, const std::vector<uint64_t>& lost,
                 Verdict& verdict);
  // What the member still holds; a lease that ran out cannot be refused any more.
  void Nacked(uint64_t member, subscriptions::Range range, int64_t now_ms, int64_t delay_ms);
  void Left(uint64_t member);
  void Gap(const subscription::Lost& lost, uint64_t count, uint64_t first_position, Verdict& verdict);
  void Dead(uint64_t position, uint32_t count, Verdict& verdict);
  // Of the log: what lies before it may have been lost without a consumer there to be told; it is counted.
  void set_first_position(uint64_t position) { first_position_ = position; }
  // A dead letter, to be delivered anew: an acknowledgement that is on its way comes too late, or is not lost.
  void Replayed(uint64_t position);
  void Crashed();
  void Moved(uint64_t after);

  // What the member holds, as far as it knows.
  std::vector<uint64_t> HeldBy(uint64_t member) const;
  // Everything that may be delivered now was; or all of it is done.
  void CheckNothingWaits(int64_t now_ms, Verdict& verdict) const;
  void CheckAllDone(uint64_t lost_count, Verdict& verdict) const;

 private:
  struct State {
    uint64_t holder = 0;
    int64_t until_ms = 0;
    int64_t put_off_until_ms = 0;
    uint32_t deliveries = 0;
    uint32_t cut_short = 0;  // by crashes, before an acknowledgement was confirmed: each adds a delivery
    bool is_acked = false;
    bool is_unsure = false;  // the acknowledgement may have come too late, or a crash may have taken it
    bool is_confirmed = false;
    bool is_dead = false;
    bool is_lost = false;
    bool is_replayed = false;
    std::set<uint64_t> delivered_to;

    bool is_done() const { return is_acked || is_dead || is_lost; }
  };
  struct Pending {
    subscriptions::Range range;
    std::vector<uint64_t> delivered;  // to the member in the range, by then
  };
  bool MayBeGone(uint64_t position) const { return !settings_.is_retained && position <= first_position_; }
  bool IsWanted(const Truth& truth) const { return truth.position > after_ && settings_.wanted.MatchOf(truth).is_wanted(); }
  std::string Name(uint64_t position) const { return settings_.name + " at " + std::to_string(position); }

  const Settings settings_;
  const Truths& truths_;
  uint64_t after_;
  uint64_t first_position_ = 0;
  std::map<uint64_t, State> events_;
  std::map<uint64_t, std::vector<Pending>> pending_;  // by member
};

}  // namespace demarche::simulation

#endif  // DEMARCHE_TESTS_SIMULATION_MODEL_H_
