#ifndef DEMARCHE_PIPELINE_STORIES_EVIDENCE_H_
#define DEMARCHE_PIPELINE_STORIES_EVIDENCE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/state.pb.h"
#include "demarche/v1/news_item.pb.h"
#include "pipeline/stage/state_changes.h"

// The evidence of an event: all of it as rows of the state, the best of it in the event.
namespace demarche::stories {

inline constexpr int kMostEvidence = 8;  // in the event

// What the keys of an event's evidence begin with.
std::string EvidencePrefix(uint32_t event_number);

// Shows the evidence of an event with its keys, in order of arrival.
absl::Status VisitEvidence(uint32_t event_number, const stage::StateChanges& changes,
                           absl::FunctionRef<void(std::string_view key, stored::v1::KnownEvidence& evidence)> visit);

// Adds one evidence and counts its item and, unless it is a copy, its publisher.
void AddEvidence(uint32_t event_number, const stored::v1::KnownEvidence& evidence, stored::v1::KnownEvent& event,
                 stage::StateChanges& changes);
// Takes an item's evidence away and counts what is left. The event falls back to planned when only the item told that it happened.
absl::Status RemoveEvidence(uint32_t event_number, const std::string& publisher, const std::string& news_item_id,
                            stored::v1::KnownEvent& event, stage::StateChanges& changes);

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_EVIDENCE_H_
