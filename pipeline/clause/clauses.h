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
  int noun = -1;                 // the noun it completes: 'a plan to leave'
  std::string_view mark;         // the word that opens its clause: that, if, by
  document::TokenRange subject;  // where its own subject stands; empty when it has none
  bool subject_follows = false;  // ', said Peskov'
  bool antecedent = false;       // `subject` ends with the noun that the clause modifies
  int shared_subject = -1;       // the group whose subject it takes
  document::TokenRange object;   // between the parent and an infinitive or 'of' and a gerund: 'urged Russia to leave'
  document::TokenRange clause;   // the words of its clause, as far as they stand together

  // Only where a tree was read; -1 without one.
  int node = -1;             // the token that heads the clause: the main verb, or what a copula links
  int subject_node = -1;     // the head of the subject; of what a participle or 'who' modifies
  int object_node = -1;      // the head of `object`
  int antecedent_node = -1;  // what a relative clause modifies
};

// The verb groups of a sentence in order. A value; views point into the sentence.
struct Clauses {
  std::vector<VerbGroup> groups;
  std::vector<int16_t> owners;  // the group of each token, where a tree was read

  // The group whose clause holds the token; -1 when the sentence has no verb.
  int At(int token) const;
  // Whether `group` is `ancestor` or hangs on it as complement: through infinitives, gerunds, content and conjuncts of these.
  bool Governs(int ancestor, int group) const;
};

// Reads a sentence by its tree.
Clauses ByTree(const document::Sentence& sentence, const Tree& tree, const Grammar& grammar);

// Reads a sentence by order of words, from lemmas and parts of speech.
Clauses ByOrder(const document::Sentence& sentence, const Grammar& grammar);

// The first step of it: groups without links.
std::vector<VerbGroup> FindVerbGroups(const document::Sentence& sentence, const Grammar& grammar);

// Commas, dashes, brackets, quotes and the like.
bool IsPunctuation(const document::Token& token);
// Punctuation that a subject never reaches across; a hyphen only between blanks.
bool IsHardBoundary(const std::vector<document::Token>& tokens, size_t i);
bool IsQuote(const document::Token& token);

}  // namespace demarche::clause

#endif  // DEMARCHE_PIPELINE_CLAUSE_CLAUSES_H_
