#ifndef DEMARCHE_PIPELINE_SYNTAX_MEND_H_
#define DEMARCHE_PIPELINE_SYNTAX_MEND_H_

#include "pipeline/document/document.h"

namespace demarche::syntax {

// Mends trees that grammar rules out:
// - a finite verb right behind a preposition and its noun has that noun as its subject, and the preposition opens the clause ('left
//   as Norway expelled its envoy');
// - of two subjects the first is that of the verb behind the speech between them ('Norway, Peru said, had left');
// - a noun that a root clause was hung on is its subject ('The leaders of Norway and Peru are due to meet');
// - a name behind a noun that was taken for an adverb is that noun's ('its neighbour Togo').
void Mend(document::Sentence& sentence);

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_MEND_H_
