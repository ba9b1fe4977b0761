#include "pipeline/stories/parties.h"

#include <algorithm>
#include <map>

namespace demarche::stories {
namespace {

constexpr std::string_view kPerson = "person/";

const std::string& CodeOf(const v1::Actor& actor) {
  return actor.organization_code().empty() ? actor.country_code() : actor.organization_code();
}

bool Includes(const Codes& a, const Codes& b) { return std::includes(a.begin(), a.end(), b.begin(), b.end()); }

Agreement CompareSides(const Codes& a, const Codes& b) {
  if (a == b) return Agreement::kFull;
  return Includes(a, b) || Includes(b, a) ? Agreement::kPartial : Agreement::kNone;
}

std::map<std::string, Codes> PersonsOf(const v1::DiplomaticEvent& event) {
  std::map<std::string, Codes> persons;
  for (const auto* side : {&event.actors(), &event.recipients()}) {
    for (const v1::Actor& actor : *side) {
      if (actor.entity_id().starts_with(kPerson)) persons[CodeOf(actor)].insert(actor.entity_id());
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

Codes CodesOf(const google::protobuf::RepeatedPtrField<v1::Actor>& actors) {
  Codes codes;
  for (const v1::Actor& actor : actors) {
    if (!CodeOf(actor).empty()) codes.insert(CodeOf(actor));
  }
  return codes;
}

Codes PartiesOf(const v1::DiplomaticEvent& event) {
  Codes codes = CodesOf(event.actors());
  codes.merge(CodesOf(event.recipients()));
  return codes;
}

bool Share(const Codes& a, const Codes& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& code) { return b.contains(code); });
}

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
