#ifndef DEMARCHE_PIPELINE_ACTORS_ANTECEDENT_H_
#define DEMARCHE_PIPELINE_ACTORS_ANTECEDENT_H_

#include <cstdint>
#include <string>

#include "pipeline/actors/article.h"
#include "pipeline/actors/coreference.h"

// What the ways to find an antecedent share.
namespace demarche::actors {

inline constexpr uint32_t kReach = 3;                  // sentences that a pronoun looks back
inline constexpr double kSubject = 0.5, kPair = 0.55;  // certainties

// Equal for mentions of one party.
std::string KeyOf(const v1::Actor& actor);

bool IsKnown(const v1::Actor& actor);

// A state or body that is named only as a place.
bool IsPlace(const document::Mention& mention);

Antecedent From(const document::Mention& mention, double certainty);

// Whether only a joint stands between two mentions of one sentence: 'A and B'.
bool Coordinated(const Article& article, const document::Mention& a, const document::Mention& b);

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_ANTECEDENT_H_
