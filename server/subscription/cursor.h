#ifndef DEMARCHE_SERVER_SUBSCRIPTION_CURSOR_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "demarche/v1/event_service.pb.h"
#include "server/limits/limits.h"
#include "server/log/event_log.h"
#include "server/subscription/batch.h"
#include "server/subscription/filter_set.h"
#include "server/subscription/hub.h"
#include "server/subscription/start.h"

namespace demarche::subscription {

// What a reader does next.
struct Step {
  enum class Kind {
    kEvents,      // revisions in order
    kPassed,      // nothing wanted lay on the way; there may be more
    kCaughtUp,    // the live end is reached, for the first time or after kFellBehind
    kFellBehind,  // the ring has passed by: reading from the log from here on
    kGap,         // revisions were trimmed before they were read, or lost to damage
    kIdle,        // nothing new: the waiter will be told
    kMustRead,    // what comes next is in the log, and the log was not to be read
  };
  Kind kind = Kind::kIdle;
  BatchPtr batch = nullptr;  // kEvents
  Lost lost{};               // kGap
};

// A reader's place in the stream: in the log while it is behind, in its lane at the live end, each revision once and in order.
// Pure logic; one thread at a time. Log and hub outlive it.
class Cursor {
 public:
  Cursor(const log::EventLog& log, Hub& hub, FilterSet filters, uint64_t after, v1::OnExpired on_expired);

  // `may_read`: whether the disk may be waited for. `max_events`: of a batch, at least 1. Errors: CURSOR_EXPIRED, DATA_LOSS.
  absl::StatusOr<Step> Next(const WaiterPtr& waiter, bool may_read, size_t max_events = limits::kMaxBatchEvents);
  // The waiter will not be told of anything.
  void Forget(const WaiterPtr& waiter) { membership_.lane().Forget(waiter); }

  // Everything wanted up to it was given out.
  uint64_t position() const { return position_; }
  // Positions published and not yet considered.
  uint64_t backlog() const;

 private:
  absl::StatusOr<Step> ReadLog(size_t max_events);
  Step TakeBatch(size_t max_events);

  const log::EventLog& log_;
  Hub& hub_;
  const FilterSet filters_;
  const v1::OnExpired on_expired_;
  Membership membership_;
  const uint64_t appended_before_;  // what its publisher knows to be stored may reach the hub a moment later

  uint64_t position_;
  bool is_live_ = false;                                      // CaughtUp was said, FellBehind was not since
  uint64_t seen_end_ = std::numeric_limits<uint64_t>::max();  // of the lanes, when last looked at
  std::vector<log::RecordPtr> pending_;                       // of the log, not yet considered to the end
  uint64_t pending_forgotten_ = 0;                            // Hub::forgotten() before they were read
  size_t next_record_ = 0;
  uint64_t pending_through_ = 0;
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_CURSOR_H_
