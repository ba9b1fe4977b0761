#include "pipeline/clause/predicates.h"

#include <algorithm>

namespace demarche::clause {
namespace {

using document::Token;
using document::Upos;

namespace relation = document::relation;

bool IsNegation(const Token& token) {
  return token.lower == "not" || token.lower == "n't" || token.lower == "n\u2019t" || token.lower == "never" ||
         token.lower == "neither";
}

}  // namespace

bool Predicates::IsPredicate(int t) const {
  const std::string_view label = tree_.Relation(t);
  if (tree_.Child(t, relation::kCop) >= 0) return true;
  if (At(t).upos == Upos::kAux) return label != relation::kAux && label != relation::kCop;
  if (At(t).upos == Upos::kNoun) return IsMistakenNoun(t);
  if (At(t).upos != Upos::kVerb) return false;
  if (label == relation::kAmod && SubjectOfModifier(t) >= 0) return true;
  return label != relation::kAmod && label != relation::kCompound && label != relation::kCase && label != relation::kFixed &&
         label != relation::kFlat && label != relation::kMark;
}

int Predicates::Copula(int node) const { return At(node).upos == Upos::kVerb ? -1 : tree_.Child(node, relation::kCop); }

bool Predicates::IsMistakenNoun(int t) const {
  if (tree_.Child(t, relation::kNsubj) < 0) return false;
  const int complement = std::max(tree_.Child(t, relation::kAcl), tree_.Child(t, relation::kXcomp));
  return complement > t && tree_.Child(complement, relation::kMark) >= 0 &&
         At(tree_.Child(complement, relation::kMark)).lower == "to";
}

int Predicates::SubjectOfModifier(int t) const {
  const int object = tree_.Head(t);
  if (object < t || At(t).xpos == "VBG") return -1;
  if (tree_.Child(object, relation::kCop) >= 0) return -1;
  for (const int above : {t, object}) {
    if (const int subject = tree_.Child(above, relation::kNsubj); subject >= 0) return subject < t ? subject : -1;
  }
  // 'Bogota severed ties', a whole clause that was taken for a noun.
  const int name = tree_.Child(object, relation::kCompound);
  return tree_.Head(object) < 0 && name >= 0 && name < t && At(name).upos == Upos::kPropn ? name : -1;
}

VerbGroup Predicates::Read(int node) const {
  VerbGroup group;
  group.node = node;
  const int copula = Copula(node);
  group.head = static_cast<uint16_t>(copula >= 0 ? copula : node);
  int begin = group.head;
  while (begin > 0 && tree_.Head(begin - 1) == node && IsInside(begin - 1)) --begin;
  while (begin < group.head && At(begin).upos == Upos::kAdv && !IsNegation(At(begin))) ++begin;
  group.tokens = {static_cast<uint16_t>(begin), static_cast<uint16_t>(group.head + 1)};
  ReadForm(node, copula, group);
  return group;
}

bool Predicates::IsInside(int t) const {
  const std::string_view label = tree_.Relation(t);
  return label == relation::kAux || label == relation::kCop || label == relation::kAdvmod ||
         (label == relation::kMark && At(t).lower == "to");
}

void Predicates::ReadForm(int node, int copula, VerbGroup& group) const {
  bool infinitive = false, be = false, is_due = false, auxiliary = copula >= 0;
  std::string_view finite = copula >= 0 ? At(copula).xpos : At(node).xpos;
  for (const int child : tree_.Children(node)) {
    const Token& token = At(child);
    const std::string_view label = tree_.Relation(child);
    const bool is_not_only = child + 1 < node && At(child + 1).lower == "only";  // 'not only condemned the raid but left'
    if (label == relation::kAdvmod && IsNegation(token) && child < node && !is_not_only) group.negated = true;
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
    if (token.lower == "had" || token.lower == "was" || token.lower == "were" || token.lower == "did") group.past_auxiliary = true;
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

void Predicates::SettleParticiple(int node, VerbGroup& group) const {
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

}  // namespace demarche::clause
