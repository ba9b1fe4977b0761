#ifndef DEMARCHE_PIPELINE_CLAUSE_GRAMMAR_H_
#define DEMARCHE_PIPELINE_CLAUSE_GRAMMAR_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "pipeline/document/strings.h"

namespace demarche::clause {

// Closed word classes that decide where clauses begin and what they hang on. Immutable after Load.
struct Grammar {
  // Reads `lexicon/grammar.tsv`. INVALID_ARGUMENT with file and line.
  static absl::StatusOr<Grammar> Load();

  StringSet speech;           // verbs whose clause reports: say, warn
  StringSet object_control;   // 'urged Russia to leave': the object acts
  StringSet relatives;        // who, which
  StringSet modals;           // will, would, could
  StringSet participles;      // forms that are participles and never the past tense: taken, given
  StringSet adverbial_marks;  // 'by sending', 'after leaving': the gerund is no complement
  StringSet time_nouns;       // Monday, week: no party, and no subject
  StringSet time_openers;     // what may stand before a time noun: on, late, last
  StringSet pronouns;         // of the third person and demonstrative, as an object: it, him, that
  StringSet belongings;       // lemmas of what it is an act to its owner to harm: 'its staff', 'their airspace'
  StringSet shared;           // lemmas of what is had with somebody, whoever owns it: 'its border with Kenya'
  StringSet privates;         // lemmas of who acts for himself, not for his country: 'a Norwegian champion'
  StringSet unnamed;          // lemmas of those who do what a relative clause tells, under no name: 'firms that help Chad'
  StringSet outsiders;        // lemmas of those who are not whose they are said to be, nor a party: 'its allies', 'spoke to donors'
  StringSet agents;           // lemmas of who speaks for whom he is named with: 'a spokesman for the king'
  StringSet receiving;        // lemmas of verbs whose subject has the act done to him: 'received a warning'
  StringSet rivals;           // lemmas of those within a state whom it deals with: opposition, rebel
};

}  // namespace demarche::clause

#endif  // DEMARCHE_PIPELINE_CLAUSE_GRAMMAR_H_
