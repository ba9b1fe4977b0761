#ifndef DEMARCHE_PIPELINE_DOCUMENT_PARTIES_H_
#define DEMARCHE_PIPELINE_DOCUMENT_PARTIES_H_

#include <set>
#include <string>

#include "demarche/v1/event.pb.h"

// The parties of an event, as the stages compare them.
namespace demarche::document {

using Codes = std::set<std::string>;

// NATO, UKR ...: the organisation where there is one, else the country; empty when unresolved.
const std::string& CodeOf(const v1::Actor& actor);
// Without the empty ones.
Codes CodesOf(const google::protobuf::RepeatedPtrField<v1::Actor>& actors);
// Of both sides.
Codes PartiesOf(const v1::DiplomaticEvent& event);

// Whether a code is in both.
bool Share(const Codes& a, const Codes& b);
// Whether all of `b` are in `a`.
bool Includes(const Codes& a, const Codes& b);

// Whether the actor is, or serves, its state: government, forces, police, secret services.
bool IsOfState(const v1::Actor& actor);

// Whether the dates may be one, where each says as much as it knows: a part that is not given agrees with any.
bool MayAgree(const v1::EventDate& a, const v1::EventDate& b);

}  // namespace demarche::document

#endif  // DEMARCHE_PIPELINE_DOCUMENT_PARTIES_H_
