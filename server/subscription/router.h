#ifndef DEMARCHE_SERVER_SUBSCRIPTION_ROUTER_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_ROUTER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "server/log/event_log.h"
#include "server/query/filter/index.h"
#include "server/subscription/chunk.h"
#include "server/subscription/filter_set.h"
#include "server/subscription/lane.h"

namespace demarche::subscription {

// Revisions of one record that lie in one chunk, one after the other.
struct Placed {
  log::RecordPtr record;
  std::shared_ptr<const Chunk> chunk;
  int event = 0;       // the first, in the record
  uint32_t entry = 0;  // the first, in the chunk
  uint32_t count = 0;
};

// Looks at each revision once for all watches and puts it into the lanes of those that want it: what that costs grows with the
// filters that may match, not with all that there are. One thread dispatches; any number join and leave.
class Router {
 public:
  class Member;

  explicit Router(uint64_t end) : through_(end) {}
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  // The lane of these filters, made when there is none. Each Join wants its Leave.
  Member& Join(const FilterSet& filters);
  void Leave(Member& member);

  // Revisions in order, of which those up to `skipped` are missing; nothing lies between the last and `end`. Adds those who wait
  // for any of them to `woken`.
  void Dispatch(std::span<const Placed> placed, uint64_t skipped, uint64_t end, std::vector<WaiterPtr>& woken);

  // Nothing up to the position is taken from any lane from now on: who has not read as far is behind.
  void Forget(uint64_t through);

  // What lies up to it is in the lanes. Read it before them.
  uint64_t through() const { return through_.load(std::memory_order_acquire); }

 private:
  struct Use {
    Member* member;
    int bit;
    bool is_former;  // looked at for exits alone
  };

  void Index(Member& member) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddUse(Member& member, const query::Filter& filter, int bit, bool is_former) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DispatchGroup(std::span<const Placed> placed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddToAll(std::span<const Placed> placed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Match(const stored::v1::StoredEvent& event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Touch(Member& member) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  size_t MaxStretches() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::atomic<uint64_t> through_;

  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::unique_ptr<Member>> members_ ABSL_GUARDED_BY(mutex_);  // by FilterSet::Key
  Member* all_ ABSL_GUARDED_BY(mutex_) = nullptr;                                              // the one that wants everything
  query::FilterIndex index_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::vector<Use>> uses_ ABSL_GUARDED_BY(mutex_);  // by id of the index

  // Of one revision.
  std::vector<query::FilterIndex::Id> matching_ ABSL_GUARDED_BY(mutex_);
  std::vector<query::FilterIndex::Id> matching_before_ ABSL_GUARDED_BY(mutex_);
  std::vector<Member*> touched_ ABSL_GUARDED_BY(mutex_);

  std::vector<Member*> fed_ ABSL_GUARDED_BY(mutex_);  // of one group
  uint64_t forgotten_ ABSL_GUARDED_BY(mutex_) = 0;    // lanes give nothing up to it
};

// A lane, the filters it stands for, and how many watches use it.
class Router::Member {
 public:
  Lane& lane() { return lane_; }

 private:
  friend class Router;

  Member(const FilterSet& filters, uint64_t start) : filters_(filters), lane_(start) {}

  const FilterSet filters_;
  Lane lane_;
  size_t users_ = 0;
  std::vector<query::FilterIndex::Id> ids_;

  // Of one revision.
  subscription::Match match_;
  bool is_touched_ = false;

  bool is_fed_ = false;  // of one group
};

// A place in a lane for as long as it lives.
class Membership {
 public:
  Membership(Router& router, const FilterSet& filters) : router_(&router), member_(&router.Join(filters)) {}
  Membership(Membership&& other) noexcept : router_(other.router_), member_(std::exchange(other.member_, nullptr)) {}
  Membership& operator=(Membership&&) = delete;
  ~Membership() {
    if (member_ != nullptr) router_->Leave(*member_);
  }

  Lane& lane() const { return member_->lane(); }

 private:
  Router* const router_;
  Router::Member* member_;
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_ROUTER_H_
