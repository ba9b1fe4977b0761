#ifndef DEMARCHE_SERVER_SUBSCRIPTIONS_GROUP_H_
#define DEMARCHE_SERVER_SUBSCRIPTIONS_GROUP_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "demarche/stored/v1/subscription.pb.h"
#include "demarche/v1/subscription_service.pb.h"
#include "server/log/event_log.h"
#include "server/record/purge.h"
#include "server/subscription/cursor.h"
#include "server/subscription/filters.h"
#include "server/subscription/hub.h"
#include "server/subscriptions/ledger.h"

namespace demarche::subscriptions {

// What all groups share; outlives them.
struct GroupShared {
  const log::EventLog& log;
  subscription::Hub& hub;
  std::function<TimePoint()> now;
  std::function<void(const subscription::WaiterPtr&)> wake;  // calls OnMore, soon and on another stack
  std::function<void()> on_dirty;                            // a commit is wanted; must not block
};

// What a consumer may be given.
struct Credit {
  uint64_t events = 0;
  uint64_t bytes = 0;
};

// What a consumer does next.
struct Share {
  enum class Kind {
    kEvents,     // work on these
    kConfirmed,  // acknowledgements that are on the disk
    kGap,        // positions were dropped before they were considered
    kPassed,     // nothing for it lay on the way; there may be more
    kIdle,       // nothing now: the waiter will be told
    kMustRead,   // what comes next is in the log, and the log was not to be read
  };
  Kind kind = Kind::kIdle;
  std::vector<Delivery> deliveries{};  // kEvents
  std::vector<Range> confirmed{};      // kConfirmed
  std::vector<uint64_t> lost{};        // kConfirmed
  subscription::Lost gap{};            // kGap
  uint64_t gap_count = 0;              // kGap: positions that were not done
};

// One durable subscription at work: its place in the stream, its ledger, its consumers. Any thread may call it; the log is read by
// one at a time and under no lock. Commits come one at a time, from Subscriptions.
class Group : public subscription::Waiter, public std::enable_shared_from_this<Group> {
 public:
  Group(const GroupShared& shared, stored::v1::SubscriptionSettings settings, subscription::Filters filters,
        const stored::v1::SubscriptionProgress& progress);

  const std::string& name() const { return name_; }
  v1::Subscription Describe() const ABSL_LOCKS_EXCLUDED(mutex_);
  stored::v1::SubscriptionSettings settings() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Up to which nothing is needed any more; the end of all positions when retention does not wait for it.
  uint64_t keep_after() const ABSL_LOCKS_EXCLUDED(mutex_);

  // A consumer, from now until it leaves. The waiter is told when there may be something for it.
  MemberId Join(subscription::WaiterPtr waiter) ABSL_LOCKS_EXCLUDED(mutex_);
  void Leave(MemberId member) ABSL_LOCKS_EXCLUDED(mutex_);
  // Up to which everything is done.
  uint64_t done_through() const ABSL_LOCKS_EXCLUDED(mutex_);
  // An error ends the consumer: LEASE_LOST, RESOURCE_NOT_FOUND, or one of the log.
  absl::StatusOr<Share> Next(MemberId id, Credit credit, bool may_read) ABSL_LOCKS_EXCLUDED(mutex_);
  // Done with the member's events in these ranges: kConfirmed follows.
  void Ack(MemberId member, const std::vector<Range>& ranges) ABSL_LOCKS_EXCLUDED(mutex_);
  void Nack(MemberId member, const std::vector<Range>& ranges, std::chrono::milliseconds delay) ABSL_LOCKS_EXCLUDED(mutex_);
  // Acknowledgements of the member that are not confirmed to it yet.
  size_t PendingResults(MemberId member) const ABSL_LOCKS_EXCLUDED(mutex_);

  // There is more in the stream.
  void OnMore() override ABSL_LOCKS_EXCLUDED(mutex_);
  // Ends leases, brings the place to the disk now and then, gives memory back when nobody consumes.
  void Tick() ABSL_LOCKS_EXCLUDED(mutex_);

  // Below: of the thread that commits. What is to be written, and whether it was.
  void BeginCommit(std::vector<log::StateChange>& changes) ABSL_LOCKS_EXCLUDED(mutex_);
  void EndCommit(bool is_durable) ABSL_LOCKS_EXCLUDED(mutex_);
  void Change(stored::v1::SubscriptionSettings settings, subscription::Filters filters) ABSL_LOCKS_EXCLUDED(mutex_);
  // The progress that it has once it is moved.
  stored::v1::SubscriptionProgress MovedTo(uint64_t after) const ABSL_LOCKS_EXCLUDED(mutex_);
  void Move(const stored::v1::SubscriptionProgress& progress) ABSL_LOCKS_EXCLUDED(mutex_);
  void End() ABSL_LOCKS_EXCLUDED(mutex_);
  // Takes what was erased out of the events at work.
  void Erase(const record::QuoteEraser& eraser) ABSL_LOCKS_EXCLUDED(mutex_);
  // A dead letter: at rest, or to be delivered again.
  void AddDead(uint64_t position) ABSL_LOCKS_EXCLUDED(mutex_);
  void Replay(std::vector<EventPtr> events) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Gap {
    subscription::Lost lost;
    uint64_t count = 0;
  };
  struct Member {
    subscription::WaiterPtr waiter;
    bool is_waiting = false;
    absl::Status end;  // why it has to go
    std::deque<Gap> gaps;
    size_t pending = 0;  // acknowledgements not confirmed
    std::vector<Range> confirmed;
    std::vector<uint64_t> lost;
  };
  // An acknowledgement that waits for a commit.
  struct Waiting {
    MemberId member;
    std::vector<Range> ranges;
    std::vector<uint64_t> lost;
  };

  std::optional<absl::StatusOr<Share>> TakeReady(Member& member, MemberId id, Credit credit) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<absl::StatusOr<Share>> Take(const absl::StatusOr<subscription::Step>& step) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void OpenCursor() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CloseCursor() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndAll(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WakeAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AwaitQuiet() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Ledger::Settings LedgerSettings() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const GroupShared& shared_;
  const std::string name_;

  mutable absl::Mutex mutex_;
  stored::v1::SubscriptionSettings settings_ ABSL_GUARDED_BY(mutex_);
  subscription::Filters filters_ ABSL_GUARDED_BY(mutex_);
  Ledger ledger_ ABSL_GUARDED_BY(mutex_);
  std::optional<subscription::Cursor> cursor_;       // guarded too, but for the thread that reads
  bool is_reading_ ABSL_GUARDED_BY(mutex_) = false;  // a thread moves the cursor
  bool has_more_ ABSL_GUARDED_BY(mutex_) = false;    // told since that thread began
  bool is_ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<MemberId, Member> members_ ABSL_GUARDED_BY(mutex_);
  MemberId last_member_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t committing_ ABSL_GUARDED_BY(mutex_) = 0;       // the first of waiting_, which the commit under way holds
  bool is_committing_ ABSL_GUARDED_BY(mutex_) = false;  // the ledger
  TimePoint committed_at_ ABSL_GUARDED_BY(mutex_);
};
using GroupPtr = std::shared_ptr<Group>;

}  // namespace demarche::subscriptions

#endif  // DEMARCHE_SERVER_SUBSCRIPTIONS_GROUP_H_
