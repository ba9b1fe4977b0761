#include "pipeline/document/parties.h"

#include <algorithm>

namespace demarche::document {

const std::string& CodeOf(const v1::Actor& actor) {
  return actor.organization_code().empty() ? actor.country_code() : actor.organization_code();
}

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

bool Includes(const Codes& a, const Codes& b) { return std::includes(a.begin(), a.end(), b.begin(), b.end()); }

bool IsOfState(const v1::Actor& actor) {
  const std::string& sector = actor.sector();
  return sector.empty() || sector == "GOV" || sector == "MIL" || sector == "SPY" || sector == "COP";
}

bool MayAgree(const v1::EventDate& a, const v1::EventDate& b) {
  const auto agree = [](int left, int right) { return left == 0 || right == 0 || left == right; };
  return agree(a.year(), b.year()) && agree(a.month(), b.month()) && agree(a.day(), b.day());
}

}  // namespace demarche::document
