#ifndef DEMARCHE_SERVER_SUBSCRIPTION_FEED_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_FEED_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/log/event_log.h"
#include "server/subscription/cursor.h"
#include "server/subscription/filters.h"
#include "server/subscription/hub.h"

namespace demarche::subscription {

// A cursor that gives no more than credit reaches, and whose filters may be changed on the way. Pure logic; one thread at a time.
// Log and hub outlive it.
class Feed {
 public:
  // Errors: those of CompileFilters.
  static absl::StatusOr<Feed> Open(const log::EventLog& log, Hub& hub, const NamedFilters& filters, uint64_t after,
                                   v1::OnExpired on_expired);

  // More credit. Until bytes are granted for the first time they are not bounded.
  void Grant(uint64_t events, uint64_t bytes);
  // Revisions after position() are matched with these; of filters that a name had before, exits are told until the name goes.
  // Errors: those of CompileFilters and FormerFilters; the filters then stay as they are.
  absl::Status Change(const NamedFilters& filters, const WaiterPtr& waiter);

  // As Cursor::Next. Without credit only what costs none: kIdle then, and the waiter may be told too.
  absl::StatusOr<Step> Next(const WaiterPtr& waiter, bool may_read);
  void Forget(const WaiterPtr& waiter) { cursor_->Forget(waiter); }

  bool has_credit() const { return events_ > 0 && (!is_bounded_by_bytes_ || bytes_ > 0); }
  uint64_t position() const { return cursor_->position(); }
  uint64_t backlog() const { return cursor_->backlog(); }
  const std::vector<std::string>& filter_names() const { return names_; }

 private:
  Feed(const log::EventLog& log, Hub& hub, const NamedFilters& filters, Filters compiled, uint64_t after, v1::OnExpired on_expired);

  const log::EventLog* log_;
  Hub* hub_;
  v1::OnExpired on_expired_;
  NamedFilters filters_;
  NamedFilters former_;
  std::vector<std::string> names_;
  std::optional<Cursor> cursor_;  // always there
  uint64_t events_ = 0;
  int64_t bytes_ = 0;  // below zero by what the last batch took too much
  bool is_bounded_by_bytes_ = false;
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_FEED_H_
