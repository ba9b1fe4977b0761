#ifndef DEMARCHE_PIPELINE_STORIES_IMPROVE_H_
#define DEMARCHE_PIPELINE_STORIES_IMPROVE_H_

#include <cstdint>

#include "demarche/v1/event.pb.h"

namespace demarche::stories {

// Takes over what a report of the same event tells better: that a plan came true, a date, a place, a party. True when it changed
// something that readers see.
bool Improve(const v1::DiplomaticEvent& report, v1::DiplomaticEvent& event);

// Puts the content of a corrected report in the place of what its item told before. Id, state, counts, story, evidence and
// publication stay.
void Replace(const v1::DiplomaticEvent& report, v1::DiplomaticEvent& event);

// Whether as many independent publishers are worth a revision when the one before had fewer: at 2, 3, 5, 10, 20, 50, 100 ...
bool IsMilestone(uint32_t before, uint32_t now);

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_IMPROVE_H_
