#ifndef DEMARCHE_PIPELINE_STORIES_PARTIES_H_
#define DEMARCHE_PIPELINE_STORIES_PARTIES_H_

#include <set>
#include <string>

#include "demarche/v1/event.pb.h"

namespace demarche::stories {

using Codes = std::set<std::string>;

// NATO, UKR ...: the organisation of each actor where there is one, else the country.
Codes CodesOf(const google::protobuf::RepeatedPtrField<v1::Actor>& actors);
// Of both sides.
Codes PartiesOf(const v1::DiplomaticEvent& event);

bool Share(const Codes& a, const Codes& b);

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
