#ifndef DEMARCHE_PIPELINE_ACTORS_SUBJECT_H_
#define DEMARCHE_PIPELINE_ACTORS_SUBJECT_H_

#include "pipeline/document/document.h"

// Who acts, by the tree of a sentence. Tokens are indices; -1 is none.
namespace demarche::actors {

// The subject of a verb; a coordinated verb shares that of the verb before it.
int SubjectOf(const document::Sentence& sentence, int verb);

// The subject of the clause on which the clause of the pronoun depends, where the pronoun, or what it owns, is the subject of its
// own: 'Moscow' for 'Moscow said it would answer', 'Moscow says its troops are there', 'Moscow made a promise that it broke'.
int GoverningSubject(const document::Sentence& sentence, int pronoun);

// The subject of the main clause where it stands behind the pronoun, itself the subject of a clause before that: 'Chad' for 'After
// it left the pact, Chad closed its border'.
int SubjectBehind(const document::Sentence& sentence, int pronoun);

// The last object before a pronoun that is one itself, of another verb: 'law' for 'Peru praised the law, Chile called it a trap'.
int ObjectBefore(const document::Sentence& sentence, int pronoun);

// Of a whole sentence: the verb that all hangs on.
int RootOf(const document::Sentence& sentence);

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_SUBJECT_H_
