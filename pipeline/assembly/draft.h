#ifndef DEMARCHE_PIPELINE_ASSEMBLY_DRAFT_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_DRAFT_H_

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "demarche/v1/event.pb.h"
#include "pipeline/document/document.h"

namespace demarche::assembly {

// An event on its way from one frame to what is published. Evidence holds one entry for each mention of it.
struct Draft {
  v1::DiplomaticEvent event;
  document::Field field = document::Field::kBody;
  uint32_t sentence = 0;
  bool is_dropped = false;
  bool guesses_actors = false;      // the actors are inferred: the clause names none
  bool guesses_recipients = false;  // likewise
};

// NATO, UKR ...: the organisation where there is one, else the country; empty when unresolved.
inline const std::string& CodeOf(const v1::Actor& actor) {
  return actor.organization_code().empty() ? actor.country_code() : actor.organization_code();
}

template <typename Actors>
std::set<std::string> Codes(const Actors& actors) {
  std::set<std::string> codes;
  for (const v1::Actor& actor : actors) {
    if (!CodeOf(actor).empty()) codes.insert(CodeOf(actor));
  }
  return codes;
}

inline bool Intersect(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& code) { return b.contains(code); });
}

// Actual and planned events are asserted; hypothetical, negated and denied ones are not.
inline bool IsAsserted(v1::Factuality factuality) {
  return factuality == v1::FACTUALITY_ACTUAL || factuality == v1::FACTUALITY_PLANNED;
}

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_DRAFT_H_
