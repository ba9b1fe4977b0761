#ifndef DEMARCHE_PIPELINE_CLAUSE_CLAUSES_H_
#define DEMARCHE_PIPELINE_CLAUSE_CLAUSES_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "pipeline/clause/grammar.h"
#include "pipeline/clause/tree.h"
#include "pipeline/document/document.h"

namespace demarche::clause {

// How a verb group hangs on its parent.
enum class Link : uint8_t {
  kRoot,        // a main clause
  kConjunct,    // shares the subject of its parent: 'met X and signed Y'
  kInfinitive,  // 'agreed to send'
  kGerund,      // 'ruled out sending', 'accused X of sending'
  kContent,     // 'said (that) X attacked'
  kQuoted,      // 'X attacked, Y said': the parent is the verb of speech
  kRelative,    // 'troops that left', 'troops deployed in X'
  kAdverbial,   // 'after X left', 'by sending', ', accusing X': `mark` tells how
};

enum class Form : uint8_t { kPast, kPresent, kInfinitive, kGerund, kParticiple };

inline constexpr int kDeepestChain = 8;  // steps that rules of scope and speech go up from a clause to those that govern it

// A verb with its auxiliaries, and the clause around it.
struct VerbGroup {
  document::TokenRange tokens;  // auxiliaries to main verb
  uint16_t head = 0;            // the main verb, or the copula
  Form form = Form::kPast;
  bool passive = false;
  bool negated = false;
  bool perfect = false;         // has, have, had + participle
  bool past_auxiliary = false;  // had, was, were, did
  bool progressive = false;
  std::string_view modal;  // will, would ...; empty without

  Link link = Link::kRoot;
  int parent = -1;               // index of a group
  int node = -1;                 // the token that heads the clause: the main verb, or what a copula links
  int noun = -1;                 // the noun it completes: 'a plan to leave'
  std::string_view mark;         // the word that opens its clause: that, if, by
  int subject_node = -1;         // the head of its own subject, or of what it modifies; -1 when it has none
  document::TokenRange subject;  // the words of that
  bool antecedent = false;       // the subject is the noun that the clause modifies
  int antecedent_node = -1;      // what a relative clause modifies
  int shared_subject = -1;       // the group whose subject it takes
  int object_node = -1;          // the object of the parent of an infinitive or gerund: 'urged Russia to leave'
  document::TokenRange clause;   // the words of its clause, as far as they stand together
};

// The verb groups of a sentence in order. A value; views point into the sentence.
struct Clauses {
  std::vector<VerbGroup> groups;
  std::vector<int16_t> owners;  // the group of each token; -1 outside of any

  // The group whose clause holds the token; -1 when none does.
  int At(int token) const;
  // The group that has the words of a group's subject: itself, or the one whose subject it takes; -1 when there are none.
  int SubjectGroup(int group) const;
  // Whether `group` is `ancestor` or hangs on it as complement: through infinitives, gerunds, content and conjuncts of these.
  bool Governs(int ancestor, int group) const;
};

// Reads a sentence by its tree, which repairs what parsers often get wrong in newswire.
Clauses ByTree(const document::Sentence& sentence, const Tree& tree, const Grammar& grammar);

bool IsQuotationMark(std::string_view word);

// Punctuation that no phrase reaches across: brackets, dashes, quotes; a hyphen only between blanks.
bool IsHardBoundary(const std::vector<document::Token>& tokens, size_t i);

}  // namespace demarche::clause

#endif  // DEMARCHE_PIPELINE_CLAUSE_CLAUSES_H_
