#include <algorithm>

#include "pipeline/clause/clauses.h"
#include "pipeline/clause/predicates.h"

namespace demarche::clause {
namespace {

using document::Sentence;
using document::Token;
using document::TokenRange;
using document::Upos;

namespace relation = document::relation;

TokenRange Range(int begin, int end) { return {static_cast<uint16_t>(begin), static_cast<uint16_t>(std::max(begin, end))}; }

bool IsClausal(std::string_view label) {
  return label == relation::kAcl || label == relation::kAdvcl || label == relation::kCcomp || label == relation::kParataxis ||
         label == relation::kCsubj;
}

// Finds the predicates of one tree and links them.
class TreeReader {
 public:
  TreeReader(const Sentence& sentence, const Tree& tree, const Grammar& grammar)
      : sentence_(sentence), tree_(tree), grammar_(grammar), predicates_(sentence, tree, grammar) {}

  Clauses Run() {
    for (int t = 0; t < tree_.size(); ++t) {
      if (predicates_.IsPredicate(t)) groups().push_back(predicates_.Read(t));
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
      if (subject < 0 || grammar_.time_nouns.contains(At(subject).lemma)) subject = child;  // 'which last week refused'
    }
    const std::string_view label = At(group.node).label;
    const int above = tree_.Head(group.node);
    if (label == relation::kAmod) {
      subject = predicates_.SubjectOfModifier(group.node);
      group.antecedent_node = above;
      group.passive = false;
      group.form = Form::kPast;
    }
    if (const int noun = label == relation::kAclRelcl ? above : NounBeforePronoun(group); noun >= 0) {
      group.antecedent_node = noun;
      if (subject < 0 || grammar_.relatives.contains(At(subject).lower)) return SetAntecedent(noun, group);
    } else if (label == relation::kAcl && above >= 0 && subject < 0 && !IsFinite(group) && group.form != Form::kInfinitive &&
               group.mark.empty()) {
      return SetAntecedent(above, group);
    }
    if (subject < 0 && IsFinite(group) && above >= 0 && above < group.node && IsNominal(above)) {
      // 'Chad, which ..., left': a finite verb on a noun is no modifier of it but lost its subject.
      subject = above;
      while (tree_.Relation(subject) == relation::kAppos && tree_.Head(subject) >= 0) subject = tree_.Head(subject);
    }
    if (IsFinite(group)) {
      if (const int name = NameBeside(group, subject); name >= 0) subject = name;
    }
    if (subject < 0) return;
    subject = PastTime(subject);
    group.subject_node = subject;
    group.subject = tree_.IsUnder(group.node, subject) ? Range(tree_.Span(subject).begin, subject + 1) : Phrase(subject);
  }

  // 'the rebels, whom Colombian planes bombed': what a pronoun stands for that opens a clause which was hung on another verb;
  // -1 when there is none.
  int NounBeforePronoun(const VerbGroup& group) const {
    const std::string_view label = tree_.Relation(group.node);
    if (label != relation::kAdvcl && label != relation::kCcomp && label != relation::kParataxis && label != relation::kConj)
      return -1;
    for (const int pronoun : tree_.Children(group.node)) {
      if (pronoun > group.head || !grammar_.relatives.contains(At(pronoun).lower) || At(pronoun).upos != Upos::kPron) continue;
      int noun = pronoun - 1;
      if (noun >= 0 && At(noun).lower == ",") --noun;
      while (noun >= 0 && tree_.Relation(noun) == relation::kFlat) noun = tree_.Head(noun);
      return noun >= 0 && IsNoun(noun) ? noun : -1;
    }
    return -1;
  }

  // 'Fiji, chairing the forum, offered ...', 'Norway, the facilitator of the talks, hailed ...': a name before the verb that was
  // read as an aside, or whose apposition was taken for the subject; -1 when there is none.
  int NameBeside(const VerbGroup& group, int subject) const {
    for (const int child : tree_.Children(group.node)) {
      const bool is_name = At(child).upos == Upos::kPropn && !grammar_.time_nouns.contains(At(child).lemma);
      if (child >= group.head || !is_name || !tree_.Case(child).empty() || !IsLoose(tree_.Relation(child))) continue;
      if (subject < 0 || (child < subject && IsAside(child, group))) return child;
    }
    return -1;
  }

  // Whether commas close off what stands between a name and the verb.
  bool IsAside(int name, const VerbGroup& group) const {
    while (tree_.Head(name + 1) >= 0 && tree_.Relation(name + 1) == relation::kFlat) ++name;
    return name + 1 < group.tokens.begin - 1 && At(name + 1).lower == "," && At(group.tokens.begin - 1).lower == ",";
  }

  static bool IsLoose(std::string_view label) {
    return label == relation::kAdvmod || label == relation::kDiscourse || label == relation::kVocative || label == relation::kDep ||
           label == relation::kDislocated;
  }

  // 'A decade after jets destroyed ...': the time is no subject.
  int PastTime(int subject) const {
    if (!grammar_.time_nouns.contains(At(subject).lemma)) return subject;
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
    if (group.antecedent_node >= 0 && label != relation::kAmod) {
      group.link = Link::kRelative;
    } else if (label == relation::kConj) {
      group.link = Link::kConjunct;
    } else if (label == relation::kParataxis || label == relation::kAmod) {
      group.link = Link::kRoot;
      group.parent = -1;
    } else if ((label == relation::kCcomp || label == relation::kAdvcl) && IsAsideOf(group, groups()[parent])) {
      MakeModifier(group, groups()[parent]);
    } else if (label == relation::kXcomp || label == relation::kCcomp || label == relation::kCsubj) {
      LinkComplement(group);
    } else if (label == relation::kAcl) {
      LinkModifier(group);
    } else {
      LinkAdverbial(group);
    }
    if (group.link == Link::kInfinitive || group.link == Link::kGerund) SetControlled(group);
  }

  // 'Rwanda, accused of arming rebels, denied ...', 'Kenya, whose navy seized a boat, recalled ...': a clause between commas that
  // took the subject of the main verb.
  bool IsAsideOf(const VerbGroup& group, const VerbGroup& parent) const {
    return parent.subject_node < 0 && IsFinite(parent) && group.mark.empty() && group.node < parent.head &&
           group.subject_node >= 0 && group.subject_node < group.head && IsAside(group.subject_node, parent);
  }

  void MakeModifier(VerbGroup& group, VerbGroup& parent) const {
    const int name = group.subject_node;
    parent.subject_node = name;
    parent.subject = group.subject;
    group.link = Link::kRelative;
    group.antecedent_node = name;
    for (const int child : tree_.Children(group.node)) {
      if (tree_.Relation(child) != relation::kNsubj || child <= name) continue;
      group.subject_node = child;
      group.subject = Phrase(child);
      return;
    }
    group.antecedent = true;
    if (group.tokens.begin == group.head) group.passive = tree_.Child(group.node, relation::kObj) < 0;
  }

  bool IsNoun(int t) const { return At(t).upos == Upos::kNoun || At(t).upos == Upos::kPropn; }

  // ', the ministry said': what it interrupts or follows hangs on it. Without 'and' a conjunct is none.
  void LinkParataxis(int g) {
    VerbGroup& group = groups()[g];
    const int host = GroupOf(tree_.Head(group.node));
    const std::string_view label = tree_.Relation(group.node);
    const bool is_loose_conjunct = label == relation::kConj && tree_.Child(group.node, relation::kCc) < 0 &&
                                   group.subject_node >= 0 && tree_.Child(group.node, relation::kCcomp) < 0;
    if ((label != relation::kParataxis && !is_loose_conjunct) || !IsSpeech(group) || host < 0 || SaysMore(group)) return;
    if (groups()[host].link != Link::kRoot || groups()[host].parent >= 0) return;
    group.link = Link::kRoot;
    group.parent = group.shared_subject = -1;
    groups()[host].link = Link::kQuoted;
    groups()[host].parent = g;
  }

  // What tells of something itself, 'urged Peru to wait', 'warned of war', or stands behind a semicolon, quotes nothing.
  bool SaysMore(const VerbGroup& group) const {
    const int begin = tree_.Span(group.node).begin;
    if (begin > 0 && At(begin - 1).lower == ";") return true;
    for (const int child : tree_.Children(group.node)) {
      const std::string_view label = tree_.Relation(child);
      if (child > group.head && (label == relation::kXcomp || label == relation::kCcomp)) return true;
      if (child > group.head && label == relation::kPunct && At(child).lower == ";") return true;
      const std::string_view preposition = label == relation::kObl ? tree_.Case(child) : std::string_view();
      const bool is_about = preposition == "of" || preposition == "about" || preposition == "against" || preposition == "on";
      if (is_about && !grammar_.time_nouns.contains(At(child).lemma)) return true;
    }
    return false;
  }

  void LinkComplement(VerbGroup& group) const {
    const bool finite = group.form == Form::kPast || group.form == Form::kPresent || !group.modal.empty();
    const bool bare = group.form == Form::kPresent && group.modal.empty() && group.subject.empty() && At(group.node).xpos == "VB";
    const bool is_clause = !group.subject.empty() || (finite && group.form != Form::kGerund);
    const VerbGroup& parent = clauses_.groups[group.parent];
    if (group.form == Form::kInfinitive || bare) {
      group.link = Link::kInfinitive;
    } else if (is_clause) {
      group.link = group.node < parent.head && IsSpeech(parent) ? Link::kQuoted : Link::kContent;
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
    } else {  // 'the fear that X left'; 'a month after X left'
      group.link = grammar_.adverbial_marks.contains(group.mark) ? Link::kAdverbial : Link::kContent;
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
  const Predicates predicates_;
  Clauses clauses_;
};

}  // namespace

Clauses ByTree(const Sentence& sentence, const Tree& tree, const Grammar& grammar) {
  return TreeReader(sentence, tree, grammar).Run();
}

}  // namespace demarche::clause
