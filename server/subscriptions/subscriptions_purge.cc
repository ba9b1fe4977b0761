#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/limits/limits.h"
#include "server/record/purge.h"
#include "server/subscriptions/rows.h"
#include "server/subscriptions/subscriptions.h"

// What a purge has to do beside the log, which has a row for each that is not finished.
namespace demarche::subscriptions {

absl::Status Subscriptions::FinishPurges() {
  const auto rows = log_.ReadState(record::kPurgePrefix, "", std::numeric_limits<size_t>::max());
  if (!rows.ok()) return rows.status();
  for (const log::StateRow& row : *rows) {
    stored::v1::Purge purge;
    if (!purge.ParseFromString(row.value)) return absl::DataLossError("the row of a purge is damaged");
    if (absl::Status status = FinishPurge(purge); !status.ok()) return status;
    const log::StateChange done{row.key, std::nullopt};
    if (absl::Status status = log_.WriteState({&done, 1}); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Subscriptions::FinishPurge(const stored::v1::Purge& purge) {
  {
    const absl::MutexLock writing(&writing_);
    const record::QuoteEraser eraser(purge);
    for (const GroupPtr& group : All()) group->Erase(eraser);
    if (absl::Status status = EraseFromDeadLetters(eraser); !status.ok()) return status;
  }
  stored::v1::ErasedPlaces places = purge.places();
  places.add_state_prefixes(std::string(kDeadPrefix));
  return log_.Scrub(places);
}

absl::Status Subscriptions::EraseFromDeadLetters(const record::QuoteEraser& eraser) {
  std::string after;
  while (true) {
    const auto rows = log_.ReadState(kDeadPrefix, after, limits::kMaxPageBytes);
    if (!rows.ok()) return rows.status();
    if (rows->empty()) return absl::OkStatus();
    std::vector<log::StateChange> changes;
    for (const log::StateRow& row : *rows) {
      stored::v1::DeadLetter dead;
      if (!dead.ParseFromString(row.value)) return absl::DataLossError(absl::StrCat("the state '", row.key, "' is damaged"));
      const auto is_changed = eraser.EraseFrom(*dead.mutable_frame());
      if (!is_changed.ok()) return is_changed.status();
      if (*is_changed) changes.push_back({row.key, dead.SerializeAsString()});
    }
    if (absl::Status status = log_.WriteState(changes); !status.ok()) return status;
    after = rows->back().key;
  }
}

}  // namespace demarche::subscriptions
