#ifndef DEMARCHE_PIPELINE_STORIES_PARTIES_H_
#define DEMARCHE_PIPELINE_STORIES_PARTIES_H_

#include "demarche/v1/event.pb.h"

namespace demarche::stories {

// How well the parties of two events agree.
enum class Agreement {
  kNone,     // they are not those of one act
  kPartial,  // one names fewer, or leaves a side open
  kFull,
};
// Sides are compared as they stand; for acts that both sides take part in, both together. A state agrees with its leader.
Agreement CompareParties(const v1::DiplomaticEvent& a, const v1::DiplomaticEvent& b);

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_PARTIES_H_
