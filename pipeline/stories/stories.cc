#include "pipeline/stories/stories.h"

#include <utility>

#include "pipeline/stories/resolution.h"

namespace demarche::stories {
namespace {

constexpr char kKeysRow = 'k';

}  // namespace

absl::StatusOr<uint32_t> NumberOfEvent(const std::string& event_id, const stage::StateChanges& changes) {
  const auto row = changes.Find("n" + event_id);
  if (!row.ok()) return row.status();
  return static_cast<uint32_t>(stage::NumberOf(*row));
}

absl::StatusOr<v1::DiplomaticEvent> FindEvent(const std::string& event_id, const stage::StateChanges& changes) {
  const auto number = NumberOfEvent(event_id, changes);
  if (!number.ok()) return number.status();
  stored::v1::KnownEvent known;
  if (absl::Status status = changes.Find(stage::KeyOf('e', *number), known); !status.ok()) return status;
  return known.event();
}

absl::Status Stories::Load(const stage::KeyedState& stored) {
  bool is_first = true;
  absl::Status status = stored.VisitState({&kKeysRow, 1}, [&](std::string_view key, std::string_view value) {
    stored::v1::EventKeys keys;
    if (absl::Status parsed = stage::ParseRow(key, value, keys); !parsed.ok()) return parsed;
    const auto number = static_cast<uint32_t>(stage::NumberOf(key));
    if (is_first) first_ = number;
    is_first = false;
    index_.Add(number, keys);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  const auto last = stored.FindState("e#");
  if (!last.ok()) return absl::IsNotFound(last.status()) ? absl::OkStatus() : last.status();
  next_ = static_cast<uint32_t>(stage::NumberOf(*last)) + 1;
  if (is_first) first_ = next_;
  return absl::OkStatus();
}

absl::StatusOr<Resolved> Stories::Resolve(const Told& told, stage::StateChanges& changes) {
  Resolution resolution(told, *this, changes);
  if (absl::Status status = resolution.TakeBack(told.told_before); !status.ok()) return status;
  resolution.ReplaceTakenBack();
  if (absl::Status status = resolution.Inherit(); !status.ok()) return status;
  if (absl::Status status = resolution.Match(); !status.ok()) return status;
  if (absl::Status status = resolution.Found(); !status.ok()) return status;
  return resolution.Finish();
}

absl::StatusOr<Resolved> Stories::Withdraw(const Told& told, stage::StateChanges& changes) {
  Resolution resolution(told, *this, changes);
  if (absl::Status status = resolution.TakeBack(told.told_before); !status.ok()) return status;
  return resolution.Finish();
}

absl::StatusOr<Resolved> Stories::Copy(const Told& copy, const std::vector<std::string>& event_ids,
                                       const std::string& original_publisher, const std::string& original_id,
                                       stage::StateChanges& changes) {
  Resolution resolution(copy, *this, changes);
  if (absl::Status status = resolution.CopyEvidence(event_ids, original_publisher, original_id); !status.ok()) return status;
  return resolution.Finish();
}

void Stories::Add(uint32_t number, const stored::v1::EventKeys& keys, stage::StateChanges& changes) {
  if (number < first_) return;  // too old to be found
  changes.Put(stage::KeyOf(kKeysRow, number), keys);
  changes.Put("e#", stage::KeyOf('e', next_ - 1));
  index_.Add(number, keys);
  changes.OnDiscard([this, number, keys] { index_.Remove(number, keys); });
}

absl::Status Stories::Remove(uint32_t number, stage::StateChanges& changes) {
  const std::string key = stage::KeyOf(kKeysRow, number);
  stored::v1::EventKeys keys;
  absl::Status found = changes.Find(key, keys);
  if (absl::IsNotFound(found)) return absl::OkStatus();  // dropped, or retracted
  if (!found.ok()) return found;
  changes.Erase(key);
  index_.Remove(number, keys);
  changes.OnDiscard([this, number, keys] { index_.Add(number, keys); });
  return absl::OkStatus();
}

absl::Status Stories::DropOld(stage::StateChanges& changes) {
  while (next_ - first_ > max_events_) {
    if (absl::Status status = Remove(first_, changes); !status.ok()) return status;
    ++first_;
    changes.OnDiscard([this] { --first_; });
  }
  return absl::OkStatus();
}

}  // namespace demarche::stories
