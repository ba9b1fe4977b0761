#include "pipeline/frames/phrases.h"

#include <algorithm>

namespace demarche::frames {
namespace {

using document::MentionKind;
using document::TokenRange;
using document::Upos;

namespace relation = document::relation;

}  // namespace

Phrases::Phrases(const document::Document& document, uint32_t sentence, const clause::Tree& tree, const clause::Clauses& clauses,
                 const clause::Grammar& grammar)
    : document_(document),
      sentence_(document.sentences[sentence]),
      tree_(tree),
      clauses_(clauses),
      grammar_(grammar),
      mention_at_(sentence_.tokens.size(), -1) {
  for (const document::Mention& mention : document.MentionsIn(sentence)) {
    const auto index = static_cast<int32_t>(&mention - document.mentions.data());
    for (int t = mention.tokens.begin; t < mention.tokens.end; ++t) {
      if (mention_at_[t] < 0) mention_at_[t] = index;
    }
  }
}

Parties Phrases::Named(int noun) const {
  Parties parties;
  if (mention_at_[noun] >= 0) {
    // 'both sides' are two mentions in the same words.
    const TokenRange words = MentionOf(mention_at_[noun]).tokens;
    for (uint32_t m = mention_at_[noun];
         m < document_.mentions.size() && document_.mentions[m].sentence == MentionOf(mention_at_[noun]).sentence; ++m) {
      if (MentionOf(m).tokens == words) parties.push_back(m);
    }
  } else {
    parties = Modifying(noun);
  }
  AddJoined(noun, parties);
  return parties;
}

Parties Phrases::Modifying(int noun) const {
  if (Is(sentence_.tokens[noun], grammar_.privates)) return {};
  for (const int child : tree_.Children(noun)) {
    if (!Is(sentence_.tokens[noun], grammar_.shared) || tree_.Relation(child) != relation::kNmod || tree_.Case(child) != "with")
      continue;
    if (Parties found = Named(child); !found.empty()) return found;
  }
  for (const int child : tree_.Children(noun)) {
    const std::string_view label = tree_.Relation(child);
    const bool is_inside = label == relation::kAmod || label == relation::kCompound || label == relation::kFlat ||
                           label == relation::kAppos || sentence_.tokens[child].label == relation::kNmodPoss ||
                           (label == relation::kNmod && tree_.Case(child).empty());
    if (!is_inside || (sentence_.tokens[child].upos == Upos::kPron && !Is(sentence_.tokens[noun], grammar_.belongings))) continue;
    if (sentence_.tokens[child].label == relation::kNmodPoss && Is(sentence_.tokens[noun], grammar_.outsiders)) continue;
    if (Parties found = Named(child); !found.empty()) return found;
  }
  const bool speaks_for = Is(sentence_.tokens[noun], grammar_.agents);  // 'a spokeswoman for', 'an adviser to'
  for (const std::string_view preposition : {"of", "for", "to", "between", "among", "from", "in", "at"}) {
    if ((preposition == "for" || preposition == "to") && !speaks_for) continue;
    for (const int child : tree_.Children(noun)) {
      if (tree_.Relation(child) != relation::kNmod || tree_.Case(child) != preposition) continue;
      if (Parties found = Named(child); !found.empty()) return found;
    }
  }
  return {};
}

void Phrases::AddJoined(int noun, Parties& parties) const {
  const uint16_t at = static_cast<uint16_t>(noun);
  // 'the leaders of Armenia and Azerbaijan': what is joined to any word of the mention.
  const TokenRange words =
      mention_at_[noun] < 0 ? TokenRange{at, static_cast<uint16_t>(at + 1)} : MentionOf(mention_at_[noun]).tokens;
  for (int word = words.begin; word < words.end; ++word) {
    // 'the Turkish and Greek leaders'
    const int above = tree_.Head(word);
    if (tree_.Relation(word) == relation::kConj && above >= 0 && !words.contains(above) && mention_at_[above] >= 0) {
      parties.insert(parties.begin(), static_cast<uint32_t>(mention_at_[above]));
    }
    for (const int child : tree_.Children(word)) {
      if (words.contains(child) || !IsJoined(word, child)) continue;
      for (const uint32_t party : Named(child)) {
        if (std::find(parties.begin(), parties.end(), party) == parties.end()) parties.push_back(party);
      }
    }
  }
}

bool Phrases::IsJoined(int noun, int child) const {
  const int group = clauses_.At(child);
  if (group >= 0 && clauses_.groups[group].node == child) return false;
  if (tree_.Relation(child) == relation::kConj || (tree_.Relation(child) == relation::kNmod && IsBeside(child))) return true;
  // 'Estonia, Latvia': a list that was taken for an apposition.
  return tree_.Relation(child) == relation::kAppos && mention_at_[noun] >= 0 && mention_at_[child] >= 0 &&
         MentionOf(mention_at_[noun]).kind == MentionKind::kState && MentionOf(mention_at_[child]).kind == MentionKind::kState;
}

bool Phrases::IsBeside(int noun) const {
  const std::string_view preposition = tree_.Case(noun);
  return preposition == "along" || preposition == "together" || preposition == "alongside";
}

void Phrases::AddOther(Parties& parties) const {
  int t = MentionOf(parties.front()).tokens.end;
  if (t >= tree_.size() || sentence_.tokens[t].upos != Upos::kCconj) return;
  while (++t < tree_.size() && mention_at_[t] < 0) {
    if (sentence_.tokens[t].upos != Upos::kDet && sentence_.tokens[t].upos != Upos::kAdj) return;
  }
  if (t < tree_.size()) parties.push_back(static_cast<uint32_t>(mention_at_[t]));
}

int Phrases::NounIn(int noun, const StringSet& words) const {
  if (noun < 0) return -1;
  if (Is(sentence_.tokens[noun], words)) return noun;
  const auto children = tree_.Children(noun);
  for (auto child = children.rbegin(); child != children.rend(); ++child) {
    const std::string_view label = tree_.Relation(*child);
    const bool is_inside = label == relation::kConj || label == relation::kCompound || label == relation::kFlat ||
                           label == relation::kAmod || label == relation::kNummod ||
                           (label == relation::kNmod && tree_.Case(*child) == "of");
    if (!is_inside) continue;
    if (const int found = NounIn(*child, words); found >= 0) return found;
  }
  return -1;
}

}  // namespace demarche::frames
