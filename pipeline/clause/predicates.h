#ifndef DEMARCHE_PIPELINE_CLAUSE_PREDICATES_H_
#define DEMARCHE_PIPELINE_CLAUSE_PREDICATES_H_

#include "pipeline/clause/clauses.h"
#include "pipeline/clause/grammar.h"
#include "pipeline/clause/tree.h"
#include "pipeline/document/document.h"

namespace demarche::clause {

// Tells which tokens of a tree head a clause, and reads their verb groups. Lives within one reading of a sentence.
class Predicates {
 public:
  // All outlive it.
  Predicates(const document::Sentence& sentence, const Tree& tree, const Grammar& grammar)
      : sentence_(sentence), tree_(tree), grammar_(grammar) {}

  bool IsPredicate(int token) const;
  // The group that a predicate heads, without links.
  VerbGroup Read(int node) const;
  // 'Peru severed ties': a past tense that was taken for a participle before its object. Its subject; -1 for a true modifier.
  int SubjectOfModifier(int token) const;

 private:
  const document::Token& At(int token) const { return sentence_.tokens[token]; }
  // What links a noun or adjective to its subject; a verb needs none ('is to visit').
  int Copula(int node) const;
  // 'Chad plans to leave': a noun with a subject, no copula and an infinitive is a verb.
  bool IsMistakenNoun(int token) const;
  // What may stand between an auxiliary and its verb.
  bool IsInside(int token) const;
  void ReadForm(int node, int copula, VerbGroup& group) const;
  // A bare participle is a passive: 'troops sent by', 'two arrested' in a headline; unless it has an object of its own, as a
  // past tense that was taken for a participle has.
  void SettleParticiple(int node, VerbGroup& group) const;

  const document::Sentence& sentence_;
  const Tree& tree_;
  const Grammar& grammar_;
};

}  // namespace demarche::clause

#endif  // DEMARCHE_PIPELINE_CLAUSE_PREDICATES_H_
