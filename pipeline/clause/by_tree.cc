#include <algorithm>

#include "pipeline/clause/clauses.h"

namespace demarche::clause {
namespace {

using document::Sentence;
using document::Token;
using document::TokenRange;
using document::Upos;

namespace relation = document::relation;

TokenRange Range(int begin, int end) { return {static_cast<uint16_t>(begin), static_cast<uint16_t>(std::max(begin, end))}; }

bool IsNegation(const Token& token) {
  return token.lower == "not" || token.lower == "n't" || token.lower == "n\u2019t" || token.lower == "never";
}

bool IsClausal(std::string_view label) {
  return label == relation::kAcl || label == relation::kAdvcl || label == relation::kCcomp || label == relation::kParataxis ||
         label == relation::kCsubj;
}

// Finds the predicates of one tree and links them.
class TreeReader {
 public:
  TreeReader(const Sentence& sentence, const Tree& tree, const Grammar& grammar)
      : sentence_(sentence), tree_(tree), grammar_(grammar) {}

  Clauses Run() {
    for (int t = 0; t < tree_.size(); ++t) {
      if (IsPredicate(t)) AddGroup(t);
    }
    std::sort(groups().begin(), groups().end(), [](const VerbGroup& a, const VerbGroup& b) { return a.head < b.head; });
    SetOwners();
    for (size_t g = 0; g < groups().size(); ++g) SetSubject(groups()[g]);
    for (size_t g = 0; g < groups().size(); ++g) LinkGroup(static_cast<int>(g));
    for (size_t g = 0; g < groups().size(); ++g) LinkParataxis(static_cast<int>(g));
    for (size_t g = 0; g < groups().size(); ++g) Inherit(groups()[g]);
    for (size_t g = 0; g < groups().size(); ++g) SetClause(static_cast<int>(g));
    return std::move(clauses_);
  }

 private:
  std::vector<VerbGroup>& groups() { return clauses_.groups; }
  const Token& At(int token) const { return sentence_.tokens[token]; }
  bool IsSpeech(const VerbGroup& group) const { return grammar_.speech.contains(At(group.head).lemma); }

  bool IsPredicate(int t) const {
    const std::string_view label = tree_.Relation(t);
    if (tree_.Child(t, relation::kCop) >= 0) return true;
    if (At(t).upos == Upos::kAux) return label != relation::kAux && label != relation::kCop;
    if (At(t).upos == Upos::kNoun) return IsMistakenNoun(t);
    if (At(t).upos != Upos::kVerb) return false;
    if (label == relation::kAmod && SubjectOfModifier(t) >= 0) return true;
    return label != relation::kAmod && label != relation::kCompound && label != relation::kCase && label != relation::kFixed &&
           label != relation::kFlat && label != relation::kMark;
  }

  // What links a noun or adjective to its subject; a verb needs none ('is to visit').
  int Copula(int node) const { return At(node).upos == Upos::kVerb ? -1 : tree_.Child(node, relation::kCop); }

  // 'Chad plans to leave': a noun with a subject, no copula and an infinitive is a verb.
  bool IsMistakenNoun(int t) const {
    if (tree_.Child(t, relation::kNsubj) < 0) return false;
    const int complement = std::max(tree_.Child(t, relation::kAcl), tree_.Child(t, relation::kXcomp));
    return complement > t && tree_.Child(complement, relation::kMark) >= 0 &&
           At(tree_.Child(complement, relation::kMark)).lower == "to";
  }

  // 'Peru severed ties': a past tense that was taken for a participle before its object. Its subject; -1 for a true modifier.
  int SubjectOfModifier(int t) const {
    const int object = tree_.Head(t);
    if (object < t || At(t).xpos == "VBG") return -1;
    const int own = tree_.Child(t, relation::kNsubj);
    const int subject = own >= 0 ? own : tree_.Child(object, relation::kNsubj);
    return subject < t && tree_.Child(object, relation::kCop) < 0 ? subject : -1;
  }

  void AddGroup(int node) {
    VerbGroup group;
    group.node = node;
    const int copula = Copula(node);
    group.head = static_cast<uint16_t>(copula >= 0 ? copula : node);
    int begin = group.head;
    while (begin > 0 && tree_.Head(begin - 1) == node && IsInside(begin - 1)) --begin;
    while (begin < group.head && At(begin).upos == Upos::kAdv && !IsNegation(At(begin))) ++begin;
    group.tokens = Range(begin, group.head + 1);
    ReadForm(node, copula, group);
    groups().push_back(group);
  }

  // What may stand between an auxiliary and its verb.
  bool IsInside(int t) const {
    const std::string_view label = tree_.Relation(t);
    return label == relation::kAux || label == relation::kCop || label == relation::kAdvmod ||
           (label == relation::kMark && At(t).lower == "to");
  }

  void ReadForm(int node, int copula, VerbGroup& group) const {
    bool infinitive = false, be = false, is_due = false, auxiliary = copula >= 0;
    std::string_view finite = copula >= 0 ? At(copula).xpos : At(node).xpos;
    for (const int child : tree_.Children(node)) {
      const Token& token = At(child);
      const std::string_view label = tree_.Relation(child);
      if (label == relation::kAdvmod && IsNegation(token) && child < node) group.negated = true;
      if (label == relation::kMark && token.lower == "to") {
        infinitive = true;
        is_due = be;  // 'is to visit', unlike 'to be visited'
      }
      if (label == relation::kMark && token.lower != "to" && group.mark.empty()) group.mark = token.lower;
      if (label == relation::kNsubj && token.label == relation::kNsubjPass) group.passive = true;
      if (label != relation::kAux && label != relation::kCop) continue;
      if (!auxiliary) finite = token.xpos;
      auxiliary = true;
      if (token.label == relation::kAuxPass) group.passive = true;
      if (grammar_.modals.contains(token.lower) && token.lemma != "have") group.modal = token.lower;
      if (token.lemma == "have" && label == relation::kAux) group.perfect = true;
      if (token.lemma == "be") be = true;
      if (token.lower == "had" || token.lower == "was" || token.lower == "were" || token.lower == "did")
        group.past_auxiliary = true;
    }
    group.progressive = copula < 0 && be && At(node).xpos == "VBG";
    if (is_due && copula < 0 && group.modal.empty()) {
      group.form = Form::kPresent;
      group.modal = "will";
    } else if (infinitive) {
      group.form = Form::kInfinitive;
    } else if (finite == "VBG") {
      group.form = Form::kGerund;
    } else if (finite == "VBN" && !auxiliary) {
      group.form = Form::kParticiple;
    } else if (finite == "VBD" || finite == "VBN") {
      group.form = Form::kPast;
    } else {
      group.form = Form::kPresent;
    }
    if (group.form == Form::kParticiple) SettleParticiple(node, group);
  }

  // A bare participle is a passive: 'troops sent by', 'two arrested' in a headline; unless it has an object of its own, as a
  // past tense that was taken for a participle has.
  void SettleParticiple(int node, VerbGroup& group) const {
    const std::string_view label = tree_.Relation(node);
    const bool has_object = tree_.Child(node, relation::kObj) >= 0;
    if (label == relation::kAcl || label == relation::kAdvcl) {
      group.passive = !has_object;
      return;
    }
    if (label == relation::kConj && tree_.Child(node, relation::kNsubj) < 0) return;  // it may share an auxiliary
    group.passive |= !has_object && (sentence_.is_headline || grammar_.participles.contains(At(node).lower));
    if (!group.passive) group.form = Form::kPast;
  }

  void SetOwners() {
    std::vector<int16_t> group_of(tree_.size(), -1);
    for (size_t g = 0; g < groups().size(); ++g) group_of[groups()[g].node] = static_cast<int16_t>(g);
    clauses_.owners.assign(tree_.size(), -1);
    for (int t = 0; t < tree_.size(); ++t) {
      int above = t;
      for (int steps = 0; above >= 0 && steps <= tree_.size(); ++steps) {
        if (group_of[above] >= 0) break;
        above = tree_.Head(above);
      }
      if (above >= 0) clauses_.owners[t] = group_of[above];
    }
  }

  int GroupOf(int token) const { return token < 0 ? -1 : clauses_.owners[token]; }

  void SetSubject(VerbGroup& group) const {
    int subject = -1;
    for (const int child : tree_.Children(group.node)) {
      const std::string_view label = tree_.Relation(child);
      if (label != relation::kNsubj && label != relation::kCsubj) continue;
      if (subject < 0 || grammar_.time_nouns.contains(At(subject).lower)) subject = child;  // 'which last week refused'
    }
    const std::string_view label = At(group.node).label;
    const int above = tree_.Head(group.node);
    if (label == relation::kAmod) {
      subject = SubjectOfModifier(group.node);
      group.antecedent_node = above;
      group.passive = false;
      group.form = Form::kPast;
    }
    if (label == relation::kAclRelcl && above >= 0) {
      group.antecedent_node = above;
      if (subject < 0 || grammar_.relatives.contains(At(subject).lower)) return SetAntecedent(above, group);
    } else if (label == relation::kAcl && above >= 0 && subject < 0 && !IsFinite(group) && group.form != Form::kInfinitive &&
               group.mark.empty()) {
      return SetAntecedent(above, group);
    }
    if (subject < 0 && IsFinite(group) && above >= 0 && above < group.node && IsNominal(above)) {
      // 'Chad, which ..., left': a finite verb on a noun is no modifier of it but lost its subject.
      subject = above;
      while (tree_.Relation(subject) == relation::kAppos && tree_.Head(subject) >= 0) subject = tree_.Head(subject);
    }
    if (subject < 0) return;
    subject = PastTime(subject);
    group.subject_node = subject;
    group.subject = tree_.IsUnder(group.node, subject) ? Range(tree_.Span(subject).begin, subject + 1) : Phrase(subject);
  }

  // 'A decade after jets destroyed ...': the time is no subject.
  int PastTime(int subject) const {
    if (!grammar_.time_nouns.contains(At(subject).lower)) return subject;
    const int inner = tree_.Child(subject, relation::kNmod);
    return inner >= 0 && !tree_.Case(inner).empty() ? inner : subject;
  }

  bool IsFinite(const VerbGroup& group) const { return group.form == Form::kPast || group.form == Form::kPresent; }

  // A noun that heads no clause.
  bool IsNominal(int t) const {
    const bool is_noun = IsNoun(t) || At(t).upos == Upos::kPron;
    return is_noun && (clauses_.owners[t] < 0 || clauses_.groups[clauses_.owners[t]].node != t);
  }

  void SetAntecedent(int noun, VerbGroup& group) const {
    group.subject_node = noun;
    group.subject = Range(tree_.Span(noun).begin, noun + 1);
    group.antecedent = true;
  }

  // The words of a noun phrase up to the first clause that modifies it.
  TokenRange Phrase(int noun) const {
    TokenRange span = tree_.Span(noun);
    for (const int child : tree_.Children(noun)) {
      if (child > noun && IsClausal(tree_.Relation(child))) span.end = std::min(span.end, tree_.Span(child).begin);
    }
    while (span.end > noun + 1 && At(span.end - 1).upos == Upos::kPunct) --span.end;
    while (span.begin < noun && At(span.begin).upos == Upos::kPunct) ++span.begin;
    return span;
  }

  void LinkGroup(int g) {
    VerbGroup& group = groups()[g];
    const std::string_view label = tree_.Relation(group.node);
    const int above = tree_.Head(group.node);
    const int parent = GroupOf(above);
    const bool own_subject = !group.subject.empty();
    group.parent = parent;
    if (parent < 0) {
      if (above >= 0 && group.subject_node < 0 && IsNoun(above)) {  // 'Peru to open embassy'
        group.subject_node = above;
        group.subject = Range(tree_.Span(above).begin, above + 1);
      }
      group.link = group.form == Form::kInfinitive ? Link::kInfinitive : group.antecedent ? Link::kRelative : Link::kRoot;
      return;
    }
    if (!own_subject && !group.antecedent) group.shared_subject = parent;
    if (above != groups()[parent].node && label != relation::kConj && IsNoun(above)) group.noun = above;
    if (label == relation::kConj) {
      group.link = Link::kConjunct;
    } else if (label == relation::kParataxis || label == relation::kAmod) {
      group.link = Link::kRoot;
      group.parent = -1;
    } else if (label == relation::kXcomp || label == relation::kCcomp || label == relation::kCsubj) {
      LinkComplement(group);
    } else if (label == relation::kAcl) {
      LinkModifier(group);
    } else {
      LinkAdverbial(group);
    }
    if (group.link == Link::kInfinitive || group.link == Link::kGerund) SetControlled(group);
  }

  bool IsNoun(int t) const { return At(t).upos == Upos::kNoun || At(t).upos == Upos::kPropn; }

  // ', the ministry said': what it interrupts or follows hangs on it. Without 'and' a conjunct is none.
  void LinkParataxis(int g) {
    VerbGroup& group = groups()[g];
    const int host = GroupOf(tree_.Head(group.node));
    const std::string_view label = tree_.Relation(group.node);
    const bool is_loose_conjunct = label == relation::kConj && tree_.Child(group.node, relation::kCc) < 0 &&
                                   group.subject_node >= 0 && tree_.Child(group.node, relation::kCcomp) < 0;
    if ((label != relation::kParataxis && !is_loose_conjunct) || !IsSpeech(group) || host < 0) return;
    if (groups()[host].link != Link::kRoot || groups()[host].parent >= 0) return;
    group.link = Link::kRoot;
    group.parent = group.shared_subject = -1;
    groups()[host].link = Link::kQuoted;
    groups()[host].parent = g;
  }

  void LinkComplement(VerbGroup& group) const {
    const bool finite = group.form == Form::kPast || group.form == Form::kPresent || !group.modal.empty();
    const bool bare = group.form == Form::kPresent && group.modal.empty() && group.subject.empty() && At(group.node).xpos == "VB";
    if (group.form == Form::kInfinitive || bare) {
      group.link = Link::kInfinitive;
    } else if (group.form == Form::kGerund && group.subject.empty()) {
      group.link = Link::kGerund;
    } else if (finite || !group.subject.empty()) {
      group.link = group.node < clauses_.groups[group.parent].head ? Link::kQuoted : Link::kContent;
      if (!IsSpeech(clauses_.groups[group.parent]) && group.link == Link::kQuoted) group.link = Link::kContent;
    } else {
      group.link = Link::kGerund;
    }
  }

  void LinkModifier(VerbGroup& group) const {
    if (group.antecedent || group.antecedent_node >= 0) {
      group.link = Link::kRelative;
    } else if (group.form == Form::kInfinitive) {
      group.link = Link::kInfinitive;
    } else if (group.form == Form::kGerund) {
      group.link = Link::kGerund;
    } else if (group.mark.empty()) {
      group.link = Link::kRoot;
      group.parent = -1;
    } else {
      group.link = Link::kContent;
    }
  }

  void LinkAdverbial(VerbGroup& group) const {
    group.link = Link::kAdverbial;
    if (group.form == Form::kInfinitive) {
      group.link = Link::kInfinitive;
      if (group.mark.empty()) group.mark = "to";
    } else if (group.form == Form::kGerund && group.node > clauses_.groups[group.parent].head && !group.mark.empty() &&
               !grammar_.adverbial_marks.contains(group.mark)) {
      group.link = Link::kGerund;
    } else if (group.form == Form::kGerund && group.mark.empty()) {
      const bool follows = group.node > clauses_.groups[group.parent].head && At(group.tokens.begin - 1).upos != Upos::kPunct;
      if (follows) {
        group.link = Link::kGerund;  // 'ruled out sending'
      } else {
        group.mark = ",";
      }
    }
  }

  // 'urged Russia to leave', 'accused Russia of lying': the object of the parent.
  void SetControlled(VerbGroup& group) const {
    const VerbGroup& parent = clauses_.groups[group.parent];
    if (group.noun >= 0) return;
    int object = tree_.Child(parent.node, relation::kObj);
    if (object < 0) object = tree_.Child(parent.node, relation::kIobj);
    if (object < 0) object = OnWhom(parent);
    if (object > parent.head && object < group.node) group.object_node = object;
  }

  // 'called on Russia to leave'.
  int OnWhom(const VerbGroup& parent) const {
    for (const int child : tree_.Children(parent.node)) {
      const std::string_view preposition = tree_.Case(child);
      if (tree_.Relation(child) == relation::kObl &&
          (preposition == "on" || preposition == "upon" || preposition == "to" || preposition == "with"))
        return child;
    }
    return -1;
  }

  // What a conjunct shares with its parent: 'will meet and sign', 'was arrested and deported'.
  void Inherit(VerbGroup& group) {
    if (group.link != Link::kConjunct || group.parent < 0) return;
    const VerbGroup& parent = groups()[group.parent];
    if (parent.node != tree_.Head(group.node) || !group.subject.empty()) return;
    const bool bare = group.tokens.end - group.tokens.begin == 1;
    if (!bare) return;
    const std::string_view tag = At(group.node).xpos;
    if (tag == "VB" && (!parent.modal.empty() || parent.form == Form::kInfinitive || parent.negated)) {
      group.modal = parent.modal;
      group.negated |= parent.negated;
      group.form = parent.form;
    } else if (group.form == Form::kParticiple) {
      group.passive = parent.passive && tree_.Child(group.node, relation::kObj) < 0;
      group.perfect = parent.perfect;
      group.past_auxiliary = parent.past_auxiliary;
      group.form = parent.form;
    }
  }

  void SetClause(int g) {
    VerbGroup& group = groups()[g];
    int begin = group.head, end = group.head + 1;
    while (begin > 0 && clauses_.owners[begin - 1] == g) --begin;
    while (end < tree_.size() && clauses_.owners[end] == g) ++end;
    group.clause = Range(begin, end);
  }

  const Sentence& sentence_;
  const Tree& tree_;
  const Grammar& grammar_;
  Clauses clauses_;
};

}  // namespace

Clauses ByTree(const Sentence& sentence, const Tree& tree, const Grammar& grammar) {
  return TreeReader(sentence, tree, grammar).Run();
}

}  // namespace demarche::clause
