#include <algorithm>

#include "pipeline/frames/arguments.h"

// The half of Arguments that finds who acts, and whose a noun is.
namespace demarche::frames {
namespace {

using clause::Link;
using clause::VerbGroup;
using document::Upos;

namespace relation = document::relation;

constexpr int kDeepestControl = 6;
constexpr int kDeepestNoun = 3;  // nouns inside nouns

}  // namespace

bool Arguments::IsObjectControlled(const VerbGroup& verb) const {
  if (verb.parent < 0 || verb.object_node < 0 || clauses_.groups[verb.parent].passive) return false;
  if (verb.link == Link::kGerund) return verb.mark == "of" || verb.mark == "from" || verb.mark == "for";
  return verb.link == Link::kInfinitive &&
         grammar_.object_control.contains(sentence_.tokens[clauses_.groups[verb.parent].head].lemma);
}

int Arguments::SubjectNode(int group) const {
  for (int depth = 0; group >= 0 && depth <= kDeepestControl; ++depth) {
    const VerbGroup& verb = clauses_.groups[group];
    if (IsObjectControlled(verb)) return verb.object_node;
    if (verb.subject_node >= 0) return verb.subject_node;
    group = verb.shared_subject;
  }
  return -1;
}

Parties Arguments::SurfaceSubject(int group) const {
  for (int g = group, depth = 0; g >= 0 && depth <= kDeepestControl; ++depth) {
    const VerbGroup& verb = clauses_.groups[g];
    if (verb.subject_node >= 0) break;
    if (verb.noun >= 0) {
      const uint16_t noun = static_cast<uint16_t>(verb.noun);
      if (Parties owner = Possessor({{noun, static_cast<uint16_t>(noun + 1)}, noun, true}); !owner.empty()) return owner;
    }
    g = verb.shared_subject;
  }
  const int node = SubjectNode(group);
  if (node < 0) return {};
  Parties parties = phrases_.Named(node);
  // 'Peru, Chile and Bolivia': a list that was taken for several dependents of the verb.
  int owner = group;
  for (int depth = 0; owner >= 0 && clauses_.groups[owner].subject_node < 0 && depth < kDeepestControl; ++depth)
    owner = clauses_.groups[owner].shared_subject;
  if (owner < 0) return parties;
  const VerbGroup& verb = clauses_.groups[owner];
  if (verb.subject_node != node || verb.antecedent || parties.empty()) return parties;
  const auto add = [&](int noun) {
    for (const uint32_t party : phrases_.Named(noun)) {
      if (std::find(parties.begin(), parties.end(), party) == parties.end()) parties.push_back(party);
    }
  };
  if (const int others = WhoDidSo(verb.node); others >= 0) add(others);
  for (const int child : tree_.Children(verb.node)) {
    if (child == node || child > verb.head || phrases_.MentionAt(child) < 0) continue;
    const std::string_view label = tree_.Relation(child);
    const bool is_beside = label == relation::kObl && phrases_.IsBeside(child);  // 'Kenya, along with Nepal, condemned'
    const bool is_bare = tree_.Child(child, relation::kCase) < 0 && (label == relation::kNsubj || label == relation::kAdvmod);
    if (is_beside || is_bare) add(child);
  }
  return parties;
}

// 'Cuba' of 'as did Cuba', 'so has Cuba' under the verb; -1 when nobody else did.
int Arguments::WhoDidSo(int verb) const {
  for (int t = verb + 2; t + 1 < tree_.size(); ++t) {
    const std::string_view before = sentence_.tokens[t - 1].lower;
    const std::string_view lemma = sentence_.tokens[t].lemma;
    if ((before != "as" && before != "so") || (lemma != "do" && lemma != "have") || !tree_.IsUnder(t, verb)) continue;
    for (int noun = t + 1; noun < tree_.size(); ++noun) {
      if (phrases_.MentionAt(noun) >= 0) return tree_.IsUnder(noun, verb) ? noun : -1;
      if (sentence_.tokens[noun].upos != Upos::kDet) break;
    }
  }
  return -1;
}

Parties Arguments::Agent(int group) const {
  const int node = clauses_.groups[group].node;
  for (const int child : tree_.Children(node)) {
    if (tree_.Relation(child) == relation::kObl && tree_.Case(child) == "by") return phrases_.Named(child);
  }
  // 'were declared persona non grata by Russia', where the phrase was hung on the noun.
  for (int t = node + 1; t < tree_.size(); ++t) {
    if (tree_.Case(t) != "by" || clauses_.At(t) != group) continue;
    if (Parties found = phrases_.Named(t); !found.empty()) return found;
  }
  return {};
}

Parties Arguments::Subject(const Anchor& anchor) const {
  if (!anchor.is_noun) {
    const int group = OwnGroup(anchor);
    if (group < 0) return {};
    return clauses_.groups[group].passive ? Agent(group) : SurfaceSubject(group);
  }
  if (Parties found = Possessor(anchor); !found.empty()) return found;
  if (Parties found = Prepositional(anchor, "by"); !found.empty()) return found;
  return LightSubject(anchor);
}

Parties Arguments::LightSubject(const Anchor& anchor) const {
  const int light = LightVerb(anchor.head);
  if (light < 0) return {};
  if (IsReceiving(clauses_.groups[light])) return Prepositional(anchor, "from");
  return clauses_.groups[light].passive ? Agent(light) : SurfaceSubject(light);
}

bool Arguments::IsReceiving(const VerbGroup& verb) const {
  return !verb.passive && grammar_.receiving.contains(sentence_.tokens[verb.head].lemma);
}

Parties Arguments::Receiver(const Anchor& anchor) const {
  const int light = anchor.is_noun ? LightVerb(anchor.head) : -1;
  return light >= 0 && IsReceiving(clauses_.groups[light]) ? SurfaceSubject(light) : Parties();
}

int Arguments::LightVerb(int noun) const {
  const auto is_light = [&](const VerbGroup& verb) { return light_verbs_.contains(sentence_.tokens[verb.head].lemma); };
  for (size_t g = 0; g < clauses_.groups.size(); ++g) {
    const VerbGroup& verb = clauses_.groups[g];
    const bool modifies = verb.antecedent_node == noun || (verb.antecedent && verb.subject_node == noun);
    if (modifies && is_light(verb)) return static_cast<int>(g);
  }
  for (int depth = 0; noun >= 0 && depth < kDeepestNoun; ++depth) {
    const std::string_view label = tree_.Relation(noun);
    const int above = tree_.Head(noun);
    if (above < 0) return -1;
    const bool climbs = label == relation::kConj || (label == relation::kNmod && tree_.Case(noun) == "of");
    if (climbs) {
      noun = above;
      continue;
    }
    const int group = clauses_.At(above);
    if (group < 0 || clauses_.groups[group].node != above || !is_light(clauses_.groups[group])) return -1;
    const std::string_view preposition = tree_.Case(noun);
    const bool is_object = label == relation::kObj || sentence_.tokens[noun].label == relation::kNsubjPass ||
                           (label == relation::kObl && (preposition == "in" || preposition == "on" || preposition == "with"));
    return is_object ? group : -1;
  }
  return -1;
}

Parties Arguments::Possessor(const Anchor& anchor) const {
  int noun = anchor.is_noun ? anchor.head : anchor.trigger.end - 1;
  const auto is_behind = [&](int t) { return sentence_.tokens[t].upos == Upos::kAdp || sentence_.tokens[t].upos == Upos::kPropn; };
  while (!anchor.is_noun && noun > anchor.head && is_behind(noun)) --noun;  // 'recalled its envoy to Rome for'
  while (!anchor.is_noun && tree_.Relation(noun) == relation::kCompound) noun = tree_.Head(noun);  // 'in a Qatari air strike'
  for (int depth = 0; depth < kDeepestNoun; ++depth) {
    for (const int child : tree_.Children(noun)) {
      const std::string_view label = tree_.Relation(child);
      const bool owns = child < noun && (label == relation::kAmod || label == relation::kCompound ||
                                         (label == relation::kNmod && tree_.Case(child).empty()));
      if (!owns) continue;
      Parties found = phrases_.Named(child);
      // 'recalled its envoy': who acts is the subject, whomever the pronoun was taken for.
      const bool is_pronoun = found.size() == 1 && MentionOf(found.front()).kind == document::MentionKind::kPronoun;
      if (!found.empty() && (anchor.is_noun || !is_pronoun)) return found;
    }
    if (tree_.Relation(noun) != relation::kConj) break;
    noun = tree_.Head(noun);
  }
  return {};
}

Parties Arguments::ClauseSubject(const Anchor& anchor) const {
  const int group = clauses_.At(anchor.head);
  return group < 0 ? Parties() : SurfaceSubject(group);
}

Parties Arguments::Speaker(const Anchor& anchor) const {
  int group = clauses_.At(anchor.head);
  for (int depth = 0; group >= 0 && depth <= kDeepestControl; ++depth) {
    const VerbGroup& verb = clauses_.groups[group];
    if (verb.link == Link::kContent || verb.link == Link::kQuoted) return SurfaceSubject(verb.parent);
    if (verb.link != Link::kConjunct) return {};
    group = verb.parent;
  }
  return {};
}

int Arguments::SubjectNoun(const Anchor& anchor, const StringSet& words) const {
  const int group = OwnGroup(anchor);
  if (group < 0 || clauses_.groups[group].passive) return -1;
  return phrases_.NounIn(SubjectNode(group), words);
}

}  // namespace demarche::frames
