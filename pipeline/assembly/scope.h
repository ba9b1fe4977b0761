#ifndef DEMARCHE_PIPELINE_ASSEMBLY_SCOPE_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_SCOPE_H_

#include <array>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "demarche/v1/event.pb.h"
#include "pipeline/clause/clauses.h"
#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"

namespace demarche::assembly {

// What the words around an act make of it, and the rule that decided, for `explain`.
struct Scope {
  v1::Factuality factuality = v1::FACTUALITY_ACTUAL;
  std::string rule;
  bool is_refusal = false;  // negated with 'will' or 'would'
};

// Decides factuality by scope: negation, modality, governing verbs, the word that opens the clause. Immutable after Load.
class ScopeRules {
 public:
  // Reads `lexicon/scope.tsv`, `lexicon/announced.tsv` and `lexicon/refused.tsv`. INVALID_ARGUMENT with file and line.
  static absl::StatusOr<ScopeRules> Load();

  // `grammar` names the verbs of speech, whose 'would' is a plan that was told; `type` is that of the act.
  Scope Of(const document::Sentence& sentence, const clause::Clauses& clauses, const clause::Grammar& grammar,
           const document::Frame& frame, v1::EventType type) const;

  // The promise that a planned act of this kind is; empty when it stays what it is.
  std::string_view WhenPlanned(std::string_view kind) const;

  // The refusal that an act of this kind, or else of this type ('RETREAT'), is when it is said that it will not be; empty when
  // none.
  std::string_view WhenRefused(std::string_view kind, std::string_view type) const;

 private:
  enum Effect { kDenied, kNegated, kHypothetical, kPlanned, kAttempted, kEffectCount };
  enum Place { kVerb, kObject, kSubject, kPredicate, kNoun, kModifier, kMark, kModal, kPlaceCount };
  struct Finding;

  // What a copula links: 'is due', 'are false'.
  void FromPredicate(const document::Sentence& sentence, const clause::VerbGroup& verb, Finding& finding) const;
  void FromGroup(const document::Sentence& sentence, const clause::Clauses& clauses, const clause::Grammar& grammar, int group,
                 Finding& finding) const;
  // Whether the trigger itself holds the negation or the modal: 'will not send troops' is a refusal, not a negated act.
  bool HoldsAuxiliary(const document::Sentence& sentence, const clause::Grammar& grammar, const document::Frame& frame) const;
  // Whether the noun carries an act: 'plan', 'wish'.
  bool IsCarrier(std::string_view noun) const;
  void FromParents(const document::Sentence& sentence, const clause::Clauses& clauses, const clause::Grammar& grammar, int group,
                   Finding& finding) const;
  void FromNounPhrase(const document::Sentence& sentence, const clause::Clauses& clauses, const document::Frame& frame,
                      Finding& finding) const;
  // Whether 'will' or 'would' stands before the act, or before what it is the infinitive of: 'will not be invited to join'.
  bool IsOfTheFuture(const clause::Clauses& clauses, int group) const;
  // Notes the effect of a word at a place, if it has one.
  bool Look(Place place, std::string_view word, Finding& finding) const;

  std::array<std::array<StringSet, kPlaceCount>, kEffectCount> words_;
  StringMap<std::string> announced_, refused_;
};

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_SCOPE_H_
