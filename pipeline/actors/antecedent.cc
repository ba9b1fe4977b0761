#include "pipeline/actors/antecedent.h"

#include <algorithm>
#include <string_view>

namespace demarche::actors {

using document::Mention;
using document::MentionKind;

std::string KeyOf(const v1::Actor& actor) {
  if (!actor.entity_id().empty()) return actor.entity_id();
  return actor.organization_code() + "/" + actor.country_code() + "/" + actor.display_name();
}

bool IsKnown(const v1::Actor& actor) {
  return !actor.organization_code().empty() || !actor.country_code().empty() || !actor.entity_id().empty();
}

bool IsPlace(const Mention& mention) {
  return mention.certainty <= kSubject && (mention.kind == MentionKind::kState || mention.kind == MentionKind::kOrganization);
}

Antecedent From(const Mention& mention, double certainty) {
  Antecedent antecedent{mention.actor, std::min(certainty, mention.certainty)};
  antecedent.actor.set_resolution(v1::ACTOR_RESOLUTION_COREFERENCE);
  antecedent.actor.clear_stated_office();
  return antecedent;
}

bool Coordinated(const Article& article, const Mention& a, const Mention& b) {
  const document::Sentence& sentence = article.document.sentences[a.sentence];
  for (int token = a.tokens.end; token < b.tokens.begin; ++token) {
    const std::string_view word = sentence.tokens[token].lower;
    if (word != "and" && word != "," && word != "'s" && word != "the" && word != "&") return false;
  }
  return a.tokens.end < b.tokens.begin;
}

}  // namespace demarche::actors
