#ifndef DEMARCHE_PIPELINE_FRAMES_ARGUMENTS_H_
#define DEMARCHE_PIPELINE_FRAMES_ARGUMENTS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "pipeline/clause/clauses.h"
#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"

namespace demarche::frames {

// Indices into Document::mentions.
using Parties = std::vector<uint32_t>;

// The words of a trigger whose arguments are asked for.
struct Anchor {
  document::TokenRange trigger;
  uint16_t head = 0;
  bool is_noun = false;
};

// Finds the parties of triggers in one sentence. The interface is syntactic, so that a reading of the tree can stand in for
// the reading by order. Lives as long as the sentence is worked on; used by one thread.
class Arguments {
 public:
  virtual ~Arguments() = default;
  // Who acts: the subject; `by` of a passive; for a noun its possessor, `by`, or the subject of its light verb.
  virtual Parties Subject(const Anchor& anchor) const = 0;
  // Whom it is done to: the object, modifiers included; the subject of a passive.
  virtual Parties Object(const Anchor& anchor) const = 0;
  virtual Parties Possessor(const Anchor& anchor) const = 0;
  // The subject of the clause that a noun stands in.
  virtual Parties ClauseSubject(const Anchor& anchor) const = 0;
  // Who says what the anchor's clause tells: 'the raid was a disgrace, Peru said'.
  virtual Parties Speaker(const Anchor& anchor) const = 0;
  // A place in the clause or at the head of the sentence: 'in Rome'.
  virtual Parties Place(const Anchor& anchor) const = 0;
  // The phrase after a preposition that depends on the trigger.
  virtual Parties Prepositional(const Anchor& anchor, std::string_view preposition) const = 0;
  // The first noun of `words` in the object phrase, and in the subject phrase; -1 when there is none.
  virtual int ObjectNoun(const Anchor& anchor, const StringSet& words) const = 0;
  virtual int SubjectNoun(const Anchor& anchor, const StringSet& words) const = 0;
};

// By order of words within the clause.
class OrderArguments final : public Arguments {
 public:
  // All outlive this object. `light_verbs`: lemmas whose object is the act: hold, launch.
  OrderArguments(const document::Document& document, uint32_t sentence, const clause::Clauses& clauses,
                 const clause::Grammar& grammar, const StringSet& light_verbs);

  Parties Subject(const Anchor& anchor) const override;
  Parties Object(const Anchor& anchor) const override;
  Parties Possessor(const Anchor& anchor) const override;
  Parties ClauseSubject(const Anchor& anchor) const override;
  Parties Speaker(const Anchor&) const override { return {}; }
  Parties Place(const Anchor& anchor) const override;
  Parties Prepositional(const Anchor& anchor, std::string_view preposition) const override;
  int ObjectNoun(const Anchor& anchor, const StringSet& words) const override;
  int SubjectNoun(const Anchor& anchor, const StringSet& words) const override;

 private:
  // The surface subject of a verb group.
  Parties SurfaceSubject(int group, int depth) const;
  document::TokenRange SubjectRange(int group, int depth) const;
  // Who stands in a noun phrase: its first mention outside prepositional phrases, with those joined to it.
  Parties InPhrase(document::TokenRange phrase, bool antecedent) const;
  Parties WithConjuncts(int position, bool leftwards) const;
  // 'France, Germany and Italy': those before the first of `parties` in a list that a conjunction closes.
  void AddListBefore(int position, Parties& parties) const;
  document::TokenRange ObjectRange(const Anchor& anchor) const;
  // 'urged Russia to leave', 'accused Russia of lying': the object acts.
  bool IsObjectControlled(const clause::VerbGroup& verb) const;
  bool EndsPhrase(size_t token) const;
  int MentionAt(size_t token) const;  // position in here_; -1
  Parties LightVerbSubject(const Anchor& anchor) const;
  int OwnGroup(const Anchor& anchor) const;

  const document::Document& document_;
  const document::Sentence& sentence_;
  const clause::Clauses& clauses_;
  const clause::Grammar& grammar_;
  const StringSet& light_verbs_;
  std::vector<uint32_t> here_;  // mentions of the sentence by first token
};

}  // namespace demarche::frames

#endif  // DEMARCHE_PIPELINE_FRAMES_ARGUMENTS_H_
