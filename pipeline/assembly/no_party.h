#ifndef DEMARCHE_PIPELINE_ASSEMBLY_NO_PARTY_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_NO_PARTY_H_

#include "pipeline/clause/clauses.h"
#include "pipeline/clause/grammar.h"
#include "pipeline/document/document.h"

// Sides that a clause names though they are no party: for them nobody else is to be guessed.
namespace demarche::assembly {

// 'Penalties on firms that help Pyongyang', 'Chevron said', 'a singer said': the clause says who acts, and it is no party.
bool IsDoneByNoParty(const document::Document& document, const clause::Clauses& clauses, const clause::Grammar& grammar,
                     const document::Frame& frame);

// 'Congratulated the scientists', 'talks with investors': the clause says to whom it is done, and it is no party.
bool IsDoneToNoParty(const document::Document& document, const clause::Grammar& grammar, const document::Frame& frame);

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_NO_PARTY_H_
