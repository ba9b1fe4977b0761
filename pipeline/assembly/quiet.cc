#include "pipeline/assembly/quiet.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace demarche::assembly {
namespace {

using document::Mention;
using document::MentionKind;

// On the corpora of `./dev eval` texts without an event have officials in at most 0.18 of their sentences, texts with events in at
// least 0.20, mostly in more than half.
constexpr size_t kLeastSentences = 5;
constexpr double kLeastOfficials = 0.2;

bool IsIn(std::string_view sector, const auto& sectors) {
  return std::find(sectors.begin(), sectors.end(), sector) != sectors.end();
}

bool IsOfficial(const Mention& mention) {
  static constexpr std::array<std::string_view, 6> kOffices = {"GOV", "LEG", "REB", "OPP", "SPY", "COP"};
  static constexpr std::array<std::string_view, 2> kBodies = {"IGO", "REB"};
  switch (mention.kind) {
    case MentionKind::kPerson:
      return !mention.actor.office().empty();
    case MentionKind::kRole:
      if (mention.actor.sector() == "MIL") return mention.is_institution || mention.is_plural;  // not a ship or its captain
      return IsIn(mention.actor.sector(), kOffices);
    case MentionKind::kOrganization:
    case MentionKind::kGroup:
      return IsIn(mention.actor.sector(), kBodies);
    default:
      return false;
  }
}

}  // namespace

bool IsQuiet(const document::Document& document) {
  if (document.sentences.size() < kLeastSentences) return false;
  size_t officials = 0;  // sentences
  int64_t last = -1;
  for (const Mention& mention : document.mentions) {
    if (mention.sentence == last || !IsOfficial(mention)) continue;
    last = mention.sentence;
    ++officials;
  }
  return static_cast<double>(officials) < kLeastOfficials * static_cast<double>(document.sentences.size());
}

}  // namespace demarche::assembly
