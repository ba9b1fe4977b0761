#include "pipeline/stories/parties.h"

#include <algorithm>
#include <map>
#include <string>

#include "pipeline/document/parties.h"

namespace demarche::stories {
namespace {

using document::Codes;
using document::CodesOf;
using document::Includes;
using document::PartiesOf;
using document::Share;

constexpr std::string_view kPerson = "person/";

Agreement CompareSides(const Codes& a, const Codes& b) {
  if (a == b) return Agreement::kFull;
  return Includes(a, b) || Includes(b, a) ? Agreement::kPartial : Agreement::kNone;
}

std::map<std::string, Codes> PersonsOf(const v1::DiplomaticEvent& event) {
  std::map<std::string, Codes> persons;
  for (const auto* side : {&event.actors(), &event.recipients()}) {
    for (const v1::Actor& actor : *side) {
      if (actor.entity_id().starts_with(kPerson)) persons[document::CodeOf(actor)].insert(actor.entity_id());
    }
  }
  return persons;
}

// Both name people of one state, and not the same.
bool NameOthers(const v1::DiplomaticEvent& a, const v1::DiplomaticEvent& b) {
  const auto persons = PersonsOf(a);
  for (const auto& [code, others] : PersonsOf(b)) {
    const auto found = persons.find(code);
    if (found != persons.end() && !Share(found->second, others)) return true;
  }
  return false;
}

}  // namespace

Agreement CompareParties(const v1::DiplomaticEvent& a, const v1::DiplomaticEvent& b) {
  if (a.reciprocal() || b.reciprocal() || a.type() == v1::EVENT_TYPE_CONSULT || b.type() == v1::EVENT_TYPE_CONSULT) {
    return NameOthers(a, b) ? Agreement::kNone : CompareSides(PartiesOf(a), PartiesOf(b));
  }
  const Codes actors_a = CodesOf(a.actors()), actors_b = CodesOf(b.actors());
  const Codes recipients_a = CodesOf(a.recipients()), recipients_b = CodesOf(b.recipients());
  if (!Share(actors_a, actors_b) && !Share(recipients_a, recipients_b)) return Agreement::kNone;
  return std::min(CompareSides(actors_a, actors_b), CompareSides(recipients_a, recipients_b));
}

}  // namespace demarche::stories
