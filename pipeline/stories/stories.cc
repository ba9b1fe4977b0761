#include "pipeline/stories/stories.h"

#include <memory>
#include <utility>

#include "pipeline/document/quotes.h"
#include "pipeline/stories/evidence.h"
#include "pipeline/stories/match.h"
#include "pipeline/stories/resolution.h"

namespace demarche::stories {
namespace {

constexpr char kEventRow = 'e';
constexpr char kOutlineRow = 'k';
constexpr char kNumberRow = 'n';
constexpr char kLastRow[] = "e#";  // the key of the last event's row

}  // namespace

absl::StatusOr<uint32_t> NumberOfEvent(const std::string& event_id, const stage::StateChanges& changes) {
  const auto row = changes.Find(kNumberRow + event_id);
  if (!row.ok()) return row.status();
  return static_cast<uint32_t>(stage::NumberOf(*row));
}

absl::StatusOr<v1::DiplomaticEvent> FindEvent(const std::string& event_id, const stage::StateChanges& changes) {
  const auto number = NumberOfEvent(event_id, changes);
  if (!number.ok()) return number.status();
  stored::v1::KnownEvent known;
  if (absl::Status status = changes.Find(stage::KeyOf(kEventRow, *number), known); !status.ok()) return status;
  return known.event();
}

absl::Status Stories::Load(const stage::KeyedState& stored) {
  bool is_first = true;
  absl::Status status = stored.VisitState({&kOutlineRow, 1}, [&](std::string_view key, std::string_view value) {
    stored::v1::EventOutline row;
    if (absl::Status parsed = stage::ParseRow(key, value, row); !parsed.ok()) return parsed;
    const auto number = static_cast<uint32_t>(stage::NumberOf(key));
    if (is_first) first_ = number;
    is_first = false;
    index_.Put(number, Outline(row));
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  const auto last = stored.FindState(kLastRow);
  if (!last.ok()) return absl::IsNotFound(last.status()) ? absl::OkStatus() : last.status();
  next_ = static_cast<uint32_t>(stage::NumberOf(*last)) + 1;
  if (is_first) first_ = next_;
  return absl::OkStatus();
}

uint32_t Stories::GiveNumber(const std::string& event_id, stage::StateChanges& changes) {
  const uint32_t number = next_++;
  changes.OnDiscard([this] { --next_; });
  changes.Put(kNumberRow + event_id, stage::KeyOf(kNumberRow, number));
  return number;
}

void Stories::Adopt(const v1::DiplomaticEvent& event, stage::StateChanges& changes) {
  const uint32_t number = GiveNumber(event.event_id(), changes);
  const Report report = MakeReport(event);
  const auto known = std::make_shared<stored::v1::KnownEvent>();
  *known->mutable_event() = event;
  known->mutable_event()->clear_evidence();
  for (const v1::Evidence& evidence : event.evidence()) {
    stored::v1::KnownEvidence row;
    *row.mutable_evidence() = evidence;
    row.set_factuality(event.factuality());
    AddEvidence(number, row, *known, changes);
  }
  known->mutable_words()->Add(report.matter.begin(), report.matter.end());
  known->set_first_day(report.publish_day);
  known->set_last_day(report.publish_day);
  Write(number, known, changes);
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

absl::StatusOr<std::vector<std::string>> Stories::EraseQuotes(const std::string& publisher, const std::string& news_item_id,
                                                              const std::vector<std::string>& event_ids,
                                                              stage::StateChanges& changes) {
  std::vector<std::string> prefixes;
  for (const std::string& event_id : event_ids) {
    const auto number = NumberOfEvent(event_id, changes);
    if (absl::IsNotFound(number.status())) continue;
    if (!number.ok()) return number.status();
    const auto known = Find(*number, changes);
    if (!known.ok()) return known.status();
    const auto erased = std::make_shared<stored::v1::KnownEvent>(**known);
    if (document::EraseQuotes(publisher, news_item_id, *erased->mutable_event())) Write(*number, erased, changes);
    prefixes.push_back(stage::KeyOf(kEventRow, *number));
    prefixes.push_back(EvidencePrefix(*number));
  }
  return prefixes;
}

absl::StatusOr<Resolved> Stories::Copy(const Told& copy, const std::vector<std::string>& event_ids,
                                       const std::string& original_publisher, const std::string& original_id,
                                       stage::StateChanges& changes) {
  Resolution resolution(copy, *this, changes);
  if (absl::Status status = resolution.CopyEvidence(event_ids, original_publisher, original_id); !status.ok()) return status;
  return resolution.Finish();
}

absl::StatusOr<KnownEventPtr> Stories::Find(uint32_t number, const stage::StateChanges& changes) {
  if (KnownEventPtr known = recent_.Find(number)) return known;
  auto event = std::make_shared<stored::v1::KnownEvent>();
  if (absl::Status status = changes.Find(stage::KeyOf(kEventRow, number), *event); !status.ok()) return status;
  recent_.Put(number, event);
  return event;
}

void Stories::Write(uint32_t number, const KnownEventPtr& event, stage::StateChanges& changes) {
  changes.Put(stage::KeyOf(kEventRow, number), *event);
  changes.OnDiscard([this, number] { recent_.Forget(number); });
  recent_.Put(number, event);
  if (event->event().evidence_size() == 0) {
    Hide(number, changes);
  } else if (number >= first_) {
    const stored::v1::EventOutline row = OutlineOf(*event);
    changes.Put(stage::KeyOf(kOutlineRow, number), row);
    changes.Put(kLastRow, stage::KeyOf(kEventRow, next_ - 1));
    auto before = std::make_shared<Outline>(index_.Put(number, Outline(row)));
    changes.OnDiscard([this, number, before] { index_.Put(number, std::move(*before)); });
  }
}

void Stories::Hide(uint32_t number, stage::StateChanges& changes) {
  if (!index_.Has(number)) return;  // dropped, or retracted
  changes.Erase(stage::KeyOf(kOutlineRow, number));
  auto before = std::make_shared<Outline>(number == first_ ? index_.RemoveFirst(number) : index_.Remove(number));
  changes.OnDiscard([this, number, before] { index_.Put(number, std::move(*before)); });
}

void Stories::DropOld(stage::StateChanges& changes) {
  while (next_ - first_ > max_events_) {
    Hide(first_, changes);
    ++first_;
    changes.OnDiscard([this] { --first_; });
  }
}

}  // namespace demarche::stories
