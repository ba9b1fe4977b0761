#ifndef DEMARCHE_PIPELINE_FRAMES_COMPOSE_H_
#define DEMARCHE_PIPELINE_FRAMES_COMPOSE_H_

#include <vector>

#include "pipeline/clause/clauses.h"
#include "pipeline/document/document.h"
#include "pipeline/frames/arguments.h"
#include "pipeline/frames/lexicon.h"
#include "pipeline/frames/matcher.h"
#include "pipeline/resources/ontology/ontology.h"

namespace demarche::frames {

// What the steps of one sentence share. All outlive it.
struct Context {
  const document::Document& document;
  const document::Sentence& sentence;
  const clause::Clauses& clauses;
  const Lexicon& lexicon;
  const ontology::Ontology& ontology;
  const Arguments& arguments;
};

// Fills the sides of a reading by its slots; `content` is what an operator governs, or null. False when a side that the
// sense requires stays empty.
bool FillParties(const Context& context, const Reading* content, Reading& reading);

// Gives operators (agree, refuse, threaten, call for) their kind by what they govern, from the innermost out, and marks
// that content as governed. Readings of operators that make no event are dropped.
void Compose(const Context& context, std::vector<Reading>& readings);

// Of readings that share words keeps the best: more of the pattern, more parties, then the earlier line of the lexicon.
void Compete(std::vector<Reading>& readings);

}  // namespace demarche::frames

#endif  // DEMARCHE_PIPELINE_FRAMES_COMPOSE_H_
