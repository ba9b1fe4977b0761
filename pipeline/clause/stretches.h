#ifndef DEMARCHE_PIPELINE_CLAUSE_STRETCHES_H_
#define DEMARCHE_PIPELINE_CLAUSE_STRETCHES_H_

#include <cstddef>
#include <vector>

#include "pipeline/clause/grammar.h"
#include "pipeline/document/document.h"

namespace demarche::clause {

// Looks at the words between two verbs: what opens a clause, and where a subject may stand. Lives within one reading of a sentence.
class Stretches {
 public:
  // Both outlive it.
  Stretches(const document::Sentence& sentence, const Grammar& grammar) : tokens_(sentence.tokens), grammar_(grammar) {}

  bool IsConjunction(size_t i) const;
  bool IsSubordinator(size_t i) const;
  bool IsRelative(size_t i) const;
  bool IsNoun(size_t i) const;
  // Whether [begin, end) holds a noun that is not part of a prepositional phrase.
  bool HasNounPhrase(size_t begin, size_t end) const;
  // Leftmost token, not before `zone`, of the stretch that ends at `end` and crosses no boundary.
  size_t Begin(size_t zone, size_t end) const;

 private:
  const std::vector<document::Token>& tokens_;
  const Grammar& grammar_;
};

}  // namespace demarche::clause

#endif  // DEMARCHE_PIPELINE_CLAUSE_STRETCHES_H_
