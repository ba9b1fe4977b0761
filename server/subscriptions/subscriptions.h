#ifndef DEMARCHE_SERVER_SUBSCRIPTIONS_SUBSCRIPTIONS_H_
#define DEMARCHE_SERVER_SUBSCRIPTIONS_SUBSCRIPTIONS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "demarche/stored/v1/purge.pb.h"
#include "demarche/v1/subscription_service.pb.h"
#include "server/log/event_log.h"
#include "server/subscription/hub.h"
#include "server/subscriptions/group.h"

namespace demarche::subscriptions {

struct Options {
  std::function<TimePoint()> now = std::chrono::steady_clock::now;
  std::function<int64_t()> now_us;  // microseconds since 1970: when a subscription was created
  std::function<void(const subscription::WaiterPtr&)> wake;
  std::function<void()> on_dirty;  // Commit is wanted; must not block
};

// A page of dead letters, as they are sent.
struct DeadLetters {
  v1::EventBatch batch;
  std::string next;  // key of the state, for the next page; empty at the end
};

// All durable subscriptions. What changes them is written to the log's state and is on the disk when a call returns; of
// acknowledgements, all that wait go to the disk together at the next Commit. Any thread may call it; calls that write wait for the
// disk, one at a time. Log and hub outlive it.
class Subscriptions {
 public:
  // With those that the log knows. DATA_LOSS when what it knows is damaged.
  static absl::StatusOr<std::unique_ptr<Subscriptions>> Open(log::EventLog& log, subscription::Hub& hub, Options options);
  // No consumer is left. Closes all groups, which the hub may still know.
  ~Subscriptions();
  Subscriptions(const Subscriptions&) = delete;
  Subscriptions& operator=(const Subscriptions&) = delete;

  // Errors: as the rpcs of the same names.
  absl::StatusOr<v1::Subscription> Create(const v1::Subscription& wanted, const v1::StartPosition& start);
  absl::StatusOr<v1::Subscription> Update(const v1::UpdateSubscriptionRequest& request);
  absl::Status Delete(const std::string& name);
  absl::StatusOr<v1::Subscription> Seek(const std::string& name, const v1::StartPosition& start);
  absl::StatusOr<DeadLetters> ListDeadLetters(const std::string& name, const std::string& after, size_t max_events) const;
  // All when no position is named. Gives how many.
  absl::StatusOr<uint64_t> Replay(const std::string& name, const std::vector<uint64_t>& positions);

  // RESOURCE_NOT_FOUND.
  absl::StatusOr<GroupPtr> Find(const std::string& name) const;
  // By name, after a name.
  std::vector<GroupPtr> List(const std::string& after, size_t max) const;
  size_t size() const;
  // Records that end after it are needed.
  uint64_t keep_after() const;

  // What a purge erased from the log is erased here too, from events at work and dead letters, and then from the files; so for all
  // purges that are not finished. What failed is left to be finished at the next call.
  absl::Status FinishPurges();

  // Brings to the disk what is done, and confirms it. What failed is tried again at the next one.
  absl::Status Commit();
  void Tick();

 private:
  Subscriptions(log::EventLog& log, subscription::Hub& hub, Options options);
  absl::Status Load();
  absl::Status LoadDead(Group& group, bool with_pairs);
  std::vector<GroupPtr> All() const;
  absl::Status FinishPurge(const stored::v1::Purge& purge);
  absl::Status EraseFromDeadLetters(const record::QuoteEraser& eraser) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writing_);
  absl::Status CommitLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(writing_);

  log::EventLog& log_;
  const Options options_;
  const GroupShared shared_;

  absl::Mutex writing_;  // held while the state is written; before the other

  mutable absl::Mutex mutex_;
  std::map<std::string, GroupPtr> groups_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace demarche::subscriptions

#endif  // DEMARCHE_SERVER_SUBSCRIPTIONS_SUBSCRIPTIONS_H_
