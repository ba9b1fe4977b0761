#ifndef DEMARCHE_SERVER_SUBSCRIPTION_CURSOR_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/log/event_log.h"
#include "server/subscription/hub.h"
#include "server/subscription/start.h"

namespace demarche::subscription {

// What filters say of a revision.
struct Match {
  uint32_t filters = 0;  // bit i: filter i matches
  bool is_exit = false;  // a filter matched the revision before and does not match this one

  bool is_wanted() const { return filters != 0 || is_exit; }
};
using Matcher = std::function<Match(const stored::v1::StoredEvent&)>;

// A revision to be sent.
struct Delivery {
  log::RecordPtr record;
  int index = 0;  // of the event in the record
  uint64_t position = 0;
  Match match;
};

// What a reader does next.
struct Step {
  enum class Kind {
    kEvents,      // revisions in order
    kPassed,      // nothing wanted lay on the way; there may be more
    kCaughtUp,    // the live end is reached, for the first time or after kFellBehind
    kFellBehind,  // the ring has passed by: reading from the log from here on
    kGap,         // revisions were trimmed before they were read, or lost to damage
    kIdle,        // nothing new
  };
  Kind kind = Kind::kIdle;
  std::vector<Delivery> events{};
  Lost lost{};
};

// A reader's place in the log: from the log while it is behind, from the ring at the live end, each revision once and in order.
// Pure logic; one thread at a time. Log and hub outlive it.
class Cursor {
 public:
  Cursor(const log::EventLog& log, const Hub& hub, Matcher matcher, uint64_t after, v1::OnExpired on_expired)
      : log_(log),
        hub_(hub),
        matcher_(std::move(matcher)),
        on_expired_(on_expired),
        appended_before_(log.info().last_position),
        position_(after) {}

  // May read from the disk. Errors: CURSOR_EXPIRED, DATA_LOSS.
  absl::StatusOr<Step> Next();

  // Everything wanted up to it was given out.
  uint64_t position() const { return position_; }
  // Positions published and not yet considered.
  uint64_t backlog() const;

 private:
  // Fills pending_, or says what there is to tell instead.
  absl::StatusOr<std::optional<Step>> Fetch();
  absl::StatusOr<std::optional<Step>> FetchFromLog(uint64_t end);
  Step TakeBatch();

  const log::EventLog& log_;
  const Hub& hub_;
  const Matcher matcher_;
  const v1::OnExpired on_expired_;
  const uint64_t appended_before_;  // what its publisher knows to be stored may reach the hub a moment later

  uint64_t position_;
  bool is_live_ = false;                                      // CaughtUp was said, FellBehind was not since
  uint64_t seen_end_ = std::numeric_limits<uint64_t>::max();  // the hub's end when last read from
  std::vector<log::RecordPtr> pending_;                       // fetched, not yet considered to the end
  size_t next_record_ = 0;
  uint64_t pending_through_ = 0;
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_CURSOR_H_
