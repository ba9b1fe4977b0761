#include "pipeline/stories/evidence.h"

#include <algorithm>
#include <set>
#include <vector>

#include "pipeline/document/hash.h"

namespace demarche::stories {
namespace {

constexpr char kRow = 'v';

std::string KeyOfEvidence(uint32_t event_number, uint32_t number) {
  return EvidencePrefix(event_number) + stage::KeyOf(kRow, number).substr(1);
}

void AddOnce(uint32_t digest, google::protobuf::RepeatedField<uint32_t>& digests) {
  if (std::find(digests.begin(), digests.end(), digest) == digests.end()) digests.Add(digest);
}

// The founding one first, then those of other publishers rather than more of the same; of equals the earlier.
void ShowEvidence(const v1::Evidence& evidence, v1::DiplomaticEvent& event) {
  if (event.evidence_size() < kMostEvidence) {
    *event.add_evidence() = evidence;
    return;
  }
  std::set<std::string_view> publishers;
  int spare = -1;
  for (int i = 0; i < event.evidence_size(); ++i) {
    if (!publishers.insert(event.evidence(i).publisher()).second) spare = i;
  }
  if (spare < 0 || publishers.contains(evidence.publisher())) return;
  event.mutable_evidence()->DeleteSubrange(spare, 1);
  *event.add_evidence() = evidence;
}

void Count(const stored::v1::KnownEvidence& evidence, stored::v1::KnownEvent& event) {
  const std::string& publisher = evidence.evidence().publisher();
  const uint64_t digest = Digest64(publisher);
  AddOnce(static_cast<uint32_t>(Digest64(evidence.evidence().news_item_id(), digest)), *event.mutable_items());
  if (!evidence.is_copy()) AddOnce(static_cast<uint32_t>(digest), *event.mutable_publishers());
  ShowEvidence(evidence.evidence(), *event.mutable_event());
}

}  // namespace

std::string EvidencePrefix(uint32_t event_number) { return stage::KeyOf(kRow, event_number); }

absl::Status VisitEvidence(uint32_t event_number, const stage::StateChanges& changes,
                           absl::FunctionRef<void(std::string_view key, stored::v1::KnownEvidence& evidence)> visit) {
  return changes.Visit(EvidencePrefix(event_number), [&](std::string_view key, std::string_view value) {
    stored::v1::KnownEvidence evidence;
    if (absl::Status parsed = stage::ParseRow(key, value, evidence); !parsed.ok()) return parsed;
    visit(key, evidence);
    return absl::OkStatus();
  });
}

void AddEvidence(uint32_t event_number, const stored::v1::KnownEvidence& evidence, stored::v1::KnownEvent& event,
                 stage::StateChanges& changes) {
  changes.Put(KeyOfEvidence(event_number, event.evidence_given()), evidence);
  event.set_evidence_given(event.evidence_given() + 1);
  Count(evidence, event);
}

absl::Status RemoveEvidence(uint32_t event_number, const std::string& publisher, const std::string& news_item_id,
                            stored::v1::KnownEvent& event, stage::StateChanges& changes) {
  std::vector<std::string> gone;
  bool has_actual = false, has_planned = false;
  event.clear_publishers();
  event.clear_items();
  event.mutable_event()->clear_evidence();
  absl::Status status = VisitEvidence(event_number, changes, [&](std::string_view key, stored::v1::KnownEvidence& evidence) {
    if (evidence.evidence().publisher() == publisher && evidence.evidence().news_item_id() == news_item_id) {
      gone.emplace_back(key);
      return;
    }
    has_actual |= evidence.factuality() == v1::FACTUALITY_ACTUAL;
    has_planned |= evidence.factuality() == v1::FACTUALITY_PLANNED;
    Count(evidence, event);
  });
  if (!status.ok()) return status;
  for (const std::string& key : gone) changes.Erase(key);
  if (event.event().factuality() == v1::FACTUALITY_ACTUAL && !has_actual && has_planned) {
    event.mutable_event()->set_factuality(v1::FACTUALITY_PLANNED);
    event.mutable_event()->set_time_frame(v1::TIME_FRAME_FUTURE);
  }
  return absl::OkStatus();
}

}  // namespace demarche::stories
