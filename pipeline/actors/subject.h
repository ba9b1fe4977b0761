#ifndef DEMARCHE_PIPELINE_ACTORS_SUBJECT_H_
#define DEMARCHE_PIPELINE_ACTORS_SUBJECT_H_

#include "pipeline/document/document.h"

// Who acts, by the tree of a sentence. Tokens are indices; -1 is none.
namespace demarche::actors {

// The subject of a verb; a coordinated verb shares that of the verb before it.
int SubjectOf(const document::Sentence& sentence, int verb);

// The subject of the clause on which the clause of the pronoun depends, where the pronoun, or what it owns, is the subject of its
// own: 'Moscow' for 'Moscow said it would answer' and 'Moscow says its troops are there'.
int GoverningSubject(const document::Sentence& sentence, int pronoun);

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_SUBJECT_H_
