#ifndef DEMARCHE_PIPELINE_FRAMES_TREE_ARGUMENTS_H_
#define DEMARCHE_PIPELINE_FRAMES_TREE_ARGUMENTS_H_

#include <string_view>
#include <vector>

#include "pipeline/clause/clauses.h"
#include "pipeline/clause/tree.h"
#include "pipeline/document/document.h"
#include "pipeline/frames/arguments.h"

namespace demarche::frames {

// Finds the parties of triggers by the tree. Lives as long as the sentence is worked on; used by one thread.
class TreeArguments final : public Arguments {
 public:
  // All outlive this object. `light_verbs`: lemmas whose object is the act: hold, launch.
  TreeArguments(const document::Document& document, uint32_t sentence, const clause::Tree& tree, const clause::Clauses& clauses,
                const clause::Grammar& grammar, const StringSet& light_verbs);

  Parties Subject(const Anchor& anchor) const override;
  Parties Object(const Anchor& anchor) const override;
  Parties Possessor(const Anchor& anchor) const override;
  Parties ClauseSubject(const Anchor& anchor) const override;
  Parties Speaker(const Anchor& anchor) const override;
  Parties Place(const Anchor& anchor) const override;
  Parties Prepositional(const Anchor& anchor, std::string_view preposition) const override;
  int ObjectNoun(const Anchor& anchor, const StringSet& words) const override;
  int SubjectNoun(const Anchor& anchor, const StringSet& words) const override;

 private:
  // Who stands in the noun phrase of a token: named by it, else by what modifies it; with those joined to it.
  Parties Named(int noun) const;
  Parties Modifying(int noun) const;
  void AddJoined(int noun, Parties& parties) const;
  // The group that the anchor's verb heads; -1 for a noun.
  int OwnGroup(const Anchor& anchor) const;
  // The tokens that head the subject of a verb group, through control and shared subjects; -1 without one.
  int SubjectNode(int group) const;
  Parties SurfaceSubject(int group) const;
  Parties Agent(int group) const;
  // The object of a verb group: its own, what a relative clause modifies, or one shared with the verbs joined to it.
  int ObjectNode(int group) const;
  bool IsObjectControlled(const clause::VerbGroup& verb) const;
  // The light verb whose object or subject the noun is: 'held talks', 'talks were held'; -1 without one.
  int LightVerb(int noun) const;
  // How near a phrase hangs to the trigger: 0 on its head, more the looser; -1 when it is none of its clause.
  int Looseness(const Anchor& anchor, int phrase) const;
  int NounIn(int noun, const StringSet& words) const;
  const document::Mention& MentionOf(uint32_t index) const { return document_.mentions[index]; }

  const document::Document& document_;
  const document::Sentence& sentence_;
  const clause::Tree& tree_;
  const clause::Clauses& clauses_;
  const clause::Grammar& grammar_;
  const StringSet& light_verbs_;
  std::vector<int32_t> mention_at_;  // of each token; -1 without one
};

}  // namespace demarche::frames

#endif  // DEMARCHE_PIPELINE_FRAMES_TREE_ARGUMENTS_H_
