#include "pipeline/clause/stretches.h"

#include "pipeline/clause/clauses.h"

namespace demarche::clause {

using document::Token;
using document::Upos;

bool Stretches::IsConjunction(size_t i) const { return tokens_[i].upos == Upos::kCconj; }

bool Stretches::IsSubordinator(size_t i) const {
  const Token& token = tokens_[i];
  if (!grammar_.subordinators.contains(token.lower)) return false;
  if (token.lower == "that" || token.lower == "so") return token.upos != Upos::kDet;
  return token.upos != Upos::kNoun && token.upos != Upos::kVerb;
}

bool Stretches::IsRelative(size_t i) const {
  return grammar_.relatives.contains(tokens_[i].lower) && tokens_[i].upos != Upos::kDet && i > 0 &&
         (IsNoun(i - 1) || tokens_[i - 1].lower == ",");
}

bool Stretches::IsNoun(size_t i) const {
  const Upos upos = tokens_[i].upos;
  return upos == Upos::kNoun || upos == Upos::kPropn || upos == Upos::kPron || upos == Upos::kNum || upos == Upos::kAdj;
}

bool Stretches::HasNounPhrase(size_t begin, size_t end) const {
  bool in_prepositional = false, consumed = false;
  for (size_t i = begin; i < end; ++i) {
    const Upos upos = tokens_[i].upos;
    if (upos == Upos::kAdp) {
      in_prepositional = true;
      consumed = false;
    } else if (tokens_[i].lower == "," || (consumed && (upos == Upos::kDet || upos == Upos::kPron || upos == Upos::kPropn))) {
      in_prepositional = false;
    }
    if (upos == Upos::kNoun || upos == Upos::kPropn || upos == Upos::kPron || upos == Upos::kNum) {
      if (!in_prepositional && !grammar_.time_nouns.contains(tokens_[i].lower)) return true;
      consumed = true;
    }
  }
  return false;
}

size_t Stretches::Begin(size_t zone, size_t end) const {
  size_t i = end;
  while (i > zone) {
    const size_t before = i - 1;
    if (tokens_[before].lower == "," || IsHardBoundary(tokens_, before) || IsSubordinator(before)) break;
    if (IsRelative(before)) break;
    --i;
  }
  return i;
}

}  // namespace demarche::clause
