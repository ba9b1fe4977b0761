#ifndef DEMARCHE_PIPELINE_FRAMES_ARGUMENTS_H_
#define DEMARCHE_PIPELINE_FRAMES_ARGUMENTS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "pipeline/clause/clauses.h"
#include "pipeline/clause/grammar.h"
#include "pipeline/clause/tree.h"
#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"
#include "pipeline/frames/phrases.h"

namespace demarche::frames {

// The words of a trigger whose arguments are asked for.
struct Anchor {
  document::TokenRange trigger;
  uint16_t head = 0;
  bool is_noun = false;
};

// Finds the parties of triggers in one sentence by its tree. Lives as long as the sentence is worked on; used by one thread.
class Arguments {
 public:
  // All outlive this object. `light_verbs`: lemmas whose object is the act: hold, launch.
  Arguments(const document::Document& document, uint32_t sentence, const clause::Tree& tree, const clause::Clauses& clauses,
            const clause::Grammar& grammar, const StringSet& light_verbs);

  // Who acts: the subject; `by` of a passive; for a noun its possessor, `by`, or the subject of its light verb.
  Parties Subject(const Anchor& anchor) const;
  // Of the light verb that a noun is the object of: 'Chad launched an attack'.
  Parties LightSubject(const Anchor& anchor) const;
  // Of a noun whose light verb says that the subject has it done to him: 'Chad received a warning from Mali'.
  Parties Receiver(const Anchor& anchor) const;
  // Whom it is done to: the object, modifiers included; the subject of a passive.
  Parties Object(const Anchor& anchor) const;
  // Whose a noun is; of a verb, the noun that its trigger ends with: 'were killed in a Kenyan raid'.
  Parties Possessor(const Anchor& anchor) const;
  // The subject of the clause that a noun stands in.
  Parties ClauseSubject(const Anchor& anchor) const;
  // Who says what the anchor's clause tells: 'the raid was a disgrace, Peru said'.
  Parties Speaker(const Anchor& anchor) const;
  // A place in the clause or at the head of the sentence: 'in Rome'.
  Parties Place(const Anchor& anchor) const;
  // The phrase after a preposition that depends on the trigger.
  Parties Prepositional(const Anchor& anchor, std::string_view preposition) const;
  // Whether a noun is told as what went before: 'after four days of talks'.
  bool IsOfBefore(int noun) const;
  // The token after a time that begins here, 'on Tuesday', 'late last week'; `token` itself when none does.
  int AfterTime(int token) const;
  // Whether a token is a later word of a party's name.
  bool ContinuesParty(int token) const {
    return phrases_.MentionAt(token) >= 0 && MentionOf(phrases_.MentionAt(token)).tokens.begin < token;
  }
  // Whether a verb has an object that is no word of the trigger, and no time.
  bool HasOtherObject(const Anchor& anchor) const;
  // Whether the object of a verb is a pronoun of the third person or a demonstrative.
  bool ObjectIsPronoun(const Anchor& anchor) const;
  // The first noun of `words` in the object phrase, and in the subject phrase; -1 when there is none.
  int ObjectNoun(const Anchor& anchor, const StringSet& words) const;
  int SubjectNoun(const Anchor& anchor, const StringSet& words) const;

 private:
  // The group that the anchor's verb heads; -1 for a noun.
  int OwnGroup(const Anchor& anchor) const;
  // The tokens that head the subject of a verb group, through control and shared subjects; -1 without one.
  int SubjectNode(int group) const;
  Parties SurfaceSubject(int group) const;
  int WhoDidSo(int verb) const;
  Parties Agent(int group) const;
  // The object of a verb group: its own, what a relative clause modifies, or one shared with the verbs joined to it.
  int ObjectNode(int group, document::TokenRange trigger) const;
  bool IsObjectControlled(const clause::VerbGroup& verb) const;
  bool IsReceiving(const clause::VerbGroup& verb) const;
  // The light verb whose object or subject the noun is: 'held talks', 'talks were held'; -1 without one.
  int LightVerb(int noun) const;
  // How near a phrase hangs to the trigger: 0 on its head, more the looser; -1 when it is none of its clause.
  int Looseness(const Anchor& anchor, int phrase) const;
  const document::Mention& MentionOf(uint32_t index) const { return document_.mentions[index]; }

  const document::Document& document_;
  const document::Sentence& sentence_;
  const clause::Tree& tree_;
  const clause::Clauses& clauses_;
  const clause::Grammar& grammar_;
  const StringSet& light_verbs_;
  const Phrases phrases_;
};

}  // namespace demarche::frames

#endif  // DEMARCHE_PIPELINE_FRAMES_ARGUMENTS_H_
