#include "pipeline/frames/arguments.h"

#include <algorithm>

namespace demarche::frames {
namespace {

using clause::VerbGroup;
using document::MentionKind;
using document::Upos;

namespace relation = document::relation;

constexpr int kLooser = 4;           // steps that a phrase beside the trigger counts for
constexpr int kBeforeTrigger = 6;    // steps that a phrase before the trigger counts for
constexpr int kNearestConjunct = 3;  // tokens between two verbs that share an object: 'condemned and denounced the raid'

bool IsNominal(std::string_view label) {
  return label == relation::kObl || label == relation::kNmod || label == relation::kConj || label == relation::kObj;
}

}  // namespace

Arguments::Arguments(const document::Document& document, uint32_t sentence, const clause::Tree& tree,
                     const clause::Clauses& clauses, const clause::Grammar& grammar, const StringSet& light_verbs)
    : document_(document),
      sentence_(document.sentences[sentence]),
      tree_(tree),
      clauses_(clauses),
      grammar_(grammar),
      light_verbs_(light_verbs),
      phrases_(document, sentence, tree, clauses, grammar) {}

int Arguments::OwnGroup(const Anchor& anchor) const {
  if (anchor.is_noun) return -1;
  for (size_t g = 0; g < clauses_.groups.size(); ++g) {
    if (clauses_.groups[g].tokens.contains(anchor.head)) return static_cast<int>(g);
  }
  return -1;
}

int Arguments::ObjectNode(int group, document::TokenRange trigger) const {
  const VerbGroup& verb = clauses_.groups[group];
  int own = -1;
  for (const int child : tree_.Children(verb.node)) {
    if (tree_.Relation(child) != relation::kObj) continue;
    if (own < 0 || sentence_.tokens[own].upos == Upos::kNum) own = child;  // 'moved 1,000 more troops'
  }
  const bool is_relative = own >= 0 && verb.antecedent_node >= 0 && grammar_.relatives.contains(sentence_.tokens[own].lower);
  if (own >= 0 && !is_relative) return own;
  if (verb.antecedent_node >= 0 && verb.subject_node != verb.antecedent_node) return verb.antecedent_node;
  for (const int child : tree_.Children(verb.node)) {
    if (child < verb.head) continue;
    const std::string_view label = tree_.Relation(child);
    const int preposition = tree_.Child(child, relation::kCase);
    const bool is_noun = sentence_.tokens[child].upos == Upos::kNoun || sentence_.tokens[child].upos == Upos::kPropn;
    const bool is_bare = preposition < 0 && !grammar_.time_nouns.contains(sentence_.tokens[child].lemma);
    // An object that was taken for an adverbial: 'slapped a duty on', 'hauled in the envoy'.
    if (label == relation::kObl && is_noun && (is_bare || trigger.contains(preposition))) return child;
    if (label == relation::kXcomp && is_noun && is_bare) return child;
    if (label == relation::kAdvmod && phrases_.MentionAt(child) >= 0 && is_bare) return child;
    if (label == relation::kXcomp && !is_noun) {  // 'set free six sailors'
      const int object = tree_.Child(child, relation::kObj);
      if (object >= 0 && clauses_.At(child) == group) return object;
    }
    if (label == relation::kConj && child - verb.head <= kNearestConjunct) {
      if (const int object = tree_.Child(child, relation::kObj); object >= 0) return object;
    }
  }
  return -1;
}

Parties Arguments::Object(const Anchor& anchor) const {
  if (anchor.is_noun) return Prepositional(anchor, "of");
  const int own = OwnGroup(anchor);
  if (own < 0) return {};
  if (clauses_.groups[own].passive) return SurfaceSubject(own);
  // The verb's own, then that of another verb in the trigger: 'vowed to punish Peru'.
  for (size_t g = own; g < clauses_.groups.size(); ++g) {
    const int node = clauses_.groups[g].node;
    if (static_cast<int>(g) != own && !anchor.trigger.contains(node)) continue;
    if (const int receiver = tree_.Child(node, relation::kIobj); receiver >= 0) {
      if (Parties found = phrases_.Named(receiver); !found.empty()) return found;
    }
    const int object = ObjectNode(static_cast<int>(g), anchor.trigger);
    if (object < 0) continue;
    if (Parties found = phrases_.Named(object); !found.empty()) return found;
  }
  return {};
}

Parties Arguments::Place(const Anchor& anchor) const {
  for (const std::string_view preposition : {"in", "at", "near", "outside"}) {
    if (Parties found = Prepositional(anchor, preposition); !found.empty()) return found;
  }
  for (int t = 0; t < tree_.size(); ++t) {
    if (phrases_.MentionAt(t) < 0 || MentionOf(phrases_.MentionAt(t)).kind != MentionKind::kState) continue;
    if (tree_.Case(t) == "in" || tree_.Case(t) == "at") return {static_cast<uint32_t>(phrases_.MentionAt(t))};
  }
  return {};
}

int Arguments::Looseness(const Anchor& anchor, int phrase) const {
  const int clause = clauses_.At(anchor.head);
  if (!anchor.is_noun && clause >= 0 && clauses_.groups[clause].node == phrase) return 0;  // 'was in Delhi'
  const int subject = anchor.is_noun || clause < 0 ? -1 : clauses_.groups[clause].subject_node;
  if (subject >= 0 && tree_.IsUnder(phrase, subject) && !tree_.IsUnder(anchor.head, subject)) return -1;
  int steps = phrase < anchor.head ? kBeforeTrigger : 0;
  for (int t = tree_.Head(phrase); t >= 0; t = tree_.Head(t), ++steps) {
    if (t == anchor.head || anchor.trigger.contains(t)) return steps;
    const int group = clauses_.At(t);
    const bool is_predicate = group >= 0 && clauses_.groups[group].node == t;
    if (is_predicate && group != clause) return -1;
    if (is_predicate || tree_.IsUnder(anchor.head, t)) return steps + kLooser;
    if (steps > tree_.size()) return -1;
  }
  return -1;
}

Parties Arguments::Prepositional(const Anchor& anchor, std::string_view preposition) const {
  struct Candidate {
    int looseness, token;
  };
  std::vector<Candidate> candidates;
  for (int t = 0; t < tree_.size(); ++t) {
    if (tree_.Relation(t) != relation::kCase || sentence_.tokens[t].lower != preposition || tree_.Head(t) < 0) continue;
    const int looseness = Looseness(anchor, tree_.Head(t));
    if (looseness >= 0) candidates.push_back({looseness, tree_.Head(t)});
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.looseness < b.looseness; });
  for (const Candidate& candidate : candidates) {
    Parties found = phrases_.Named(candidate.token);
    if (preposition == "between" && found.size() == 1) phrases_.AddOther(found);
    if (!found.empty()) return found;
  }
  return {};
}

bool Arguments::IsOfBefore(int noun) const {
  for (; noun >= 0 && IsNominal(tree_.Relation(noun)); noun = tree_.Head(noun)) {
    const std::string_view preposition = tree_.Case(noun);
    if (preposition == "after" || preposition == "since" || preposition == "following") return true;
  }
  return false;
}

int Arguments::AfterTime(int token) const {
  const int size = static_cast<int>(sentence_.tokens.size());
  int t = token;
  while (t < size && grammar_.time_openers.contains(sentence_.tokens[t].lower)) ++t;
  return t < size && grammar_.time_nouns.contains(sentence_.tokens[t].lemma) ? t + 1 : token;
}

bool Arguments::HasOtherObject(const Anchor& anchor) const {
  const int group = OwnGroup(anchor);
  if (group < 0 || clauses_.groups[group].passive) return false;
  const int object = tree_.Child(clauses_.groups[group].node, relation::kObj);
  return object > anchor.head && !anchor.trigger.contains(object) && sentence_.tokens[object].upos == Upos::kNoun &&
         !grammar_.time_nouns.contains(sentence_.tokens[object].lemma);
}

bool Arguments::ObjectIsPronoun(const Anchor& anchor) const {
  const int group = OwnGroup(anchor);
  if (group < 0 || clauses_.groups[group].passive) return false;
  const int object = ObjectNode(group, anchor.trigger);
  return object >= 0 && grammar_.pronouns.contains(sentence_.tokens[object].lower);
}

int Arguments::ObjectNoun(const Anchor& anchor, const StringSet& words) const {
  const int group = OwnGroup(anchor);
  if (group < 0) return -1;
  const VerbGroup& verb = clauses_.groups[group];
  if (verb.passive) {
    const int subject = phrases_.NounIn(SubjectNode(group), words);
    return subject >= 0 ? subject : phrases_.NounIn(tree_.Child(verb.node, relation::kObj), words);  // 'was granted asylum'
  }
  if (const int found = phrases_.NounIn(ObjectNode(group, anchor.trigger), words); found >= 0) return found;
  return phrases_.NounIn(tree_.Child(verb.node, relation::kIobj), words);
}

}  // namespace demarche::frames
