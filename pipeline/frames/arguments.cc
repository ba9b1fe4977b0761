#include "pipeline/frames/arguments.h"

#include <algorithm>

namespace demarche::frames {
namespace {

using clause::Form;
using clause::Link;
using clause::VerbGroup;
using document::Mention;
using document::Token;
using document::TokenRange;
using document::Upos;

constexpr int kDeepestControl = 6;
constexpr size_t kLongestPhrase = 16;     // tokens of an object phrase
constexpr size_t kFarthestPhrase = 28;    // tokens from a trigger to its prepositional phrase
constexpr size_t kFarthestPossessor = 7;  // tokens from a noun to its possessor

TokenRange Range(size_t begin, size_t end) { return {static_cast<uint16_t>(begin), static_cast<uint16_t>(std::max(begin, end))}; }

bool IsPossessiveMark(const Token& token) {
  return token.lower == "'s" || token.lower == "'" || token.lower == "\u2019s" || token.lower == "\u2019";
}

// 'more than 100 sailors', 'up to nine': words before a number that only look like prepositions.
bool IsOfNumber(const document::Sentence& sentence, size_t i) {
  const std::string_view word = sentence.tokens[i].lower;
  if (i == 0 || i + 1 >= sentence.tokens.size() || sentence.tokens[i + 1].upos != Upos::kNum) return false;
  const std::string_view before = sentence.tokens[i - 1].lower;
  return (word == "than" && (before == "more" || before == "less" || before == "fewer")) || (word == "to" && before == "up");
}

bool IsAdposition(const document::Sentence& sentence, size_t i) {
  const Token& token = sentence.tokens[i];
  const bool particle = token.lower == "up" && i + 1 < sentence.tokens.size() && IsOfNumber(sentence, i + 1);
  return (token.upos == Upos::kAdp || token.lower == "to") && !particle && !IsOfNumber(sentence, i);
}

}  // namespace

OrderArguments::OrderArguments(const document::Document& document, uint32_t sentence, const clause::Clauses& clauses,
                               const clause::Grammar& grammar, const StringSet& light_verbs)
    : document_(document),
      sentence_(document.sentences[sentence]),
      clauses_(clauses),
      grammar_(grammar),
      light_verbs_(light_verbs) {
  for (uint32_t i = 0; i < document.mentions.size(); ++i) {
    if (document.mentions[i].sentence == sentence && !document.mentions[i].tokens.empty()) here_.push_back(i);
  }
  std::stable_sort(here_.begin(), here_.end(),
                   [&](uint32_t a, uint32_t b) { return document.mentions[a].tokens.begin < document.mentions[b].tokens.begin; });
}

int OrderArguments::MentionAt(size_t token) const {
  for (size_t i = 0; i < here_.size(); ++i) {
    if (document_.mentions[here_[i]].tokens.contains(static_cast<int>(token))) return static_cast<int>(i);
  }
  return -1;
}

int OrderArguments::OwnGroup(const Anchor& anchor) const {
  if (anchor.is_noun) return -1;
  for (size_t g = 0; g < clauses_.groups.size(); ++g) {
    if (clauses_.groups[g].tokens.contains(anchor.head)) return static_cast<int>(g);
  }
  return -1;
}

Parties OrderArguments::WithConjuncts(int position, bool leftwards) const {
  const int step = leftwards ? -1 : 1;
  std::vector<int> chain = {position};
  size_t kept = 1;
  for (int k = position + step; k >= 0 && k < static_cast<int>(here_.size()); k += step) {
    const Mention& left = document_.mentions[here_[std::min(k, k - step)]];
    const Mention& right = document_.mentions[here_[std::max(k, k - step)]];
    if (left.tokens.overlaps(right.tokens)) break;
    bool joins = left.tokens.end < right.tokens.begin, conjunction = false;
    for (size_t t = left.tokens.end; joins && t < right.tokens.begin; ++t) {
      const Token& token = sentence_.tokens[t];
      const bool joint = token.upos == Upos::kCconj || token.lower == "and" || token.lower == "well";
      conjunction |= joint;
      joins = joint || token.lower == "," || token.upos == Upos::kDet || token.lower == "as" || token.lower == "both" ||
              (conjunction && token.upos == Upos::kAdj);
    }
    if (!joins) break;
    chain.push_back(k);
    if (conjunction) kept = chain.size();
  }
  chain.resize(leftwards && kept > 1 ? chain.size() : kept);
  std::sort(chain.begin(), chain.end());
  Parties parties;
  for (int k : chain) parties.push_back(here_[k]);
  return parties;
}

void OrderArguments::AddListBefore(int position, Parties& parties) const {
  for (int k = position - 1; k >= 0; --k) {
    const Mention& mention = document_.mentions[here_[k]];
    const size_t comma = mention.tokens.end;
    const size_t next = document_.mentions[here_[k + 1]].tokens.begin;
    if (comma + 1 != next || sentence_.tokens[comma].lower != ",") return;
    size_t before = mention.tokens.begin;
    if (before > 0 && sentence_.tokens[before - 1].upos == Upos::kDet) --before;
    if (before > 0 && sentence_.tokens[before - 1].lower != "," && !clause::IsHardBoundary(sentence_.tokens, before - 1)) return;
    parties.insert(parties.begin(), here_[k]);
  }
}

Parties OrderArguments::InPhrase(TokenRange phrase, bool antecedent) const {
  int first = -1, of = -1, other = -1, last = -1;
  std::string_view preposition;
  bool consumed = false;
  for (size_t t = phrase.begin; t < phrase.end; ++t) {
    const Token& token = sentence_.tokens[t];
    const int m = MentionAt(t);
    const bool starts = m >= 0 && document_.mentions[here_[m]].tokens.begin == t;
    if (m < 0 && IsAdposition(sentence_, t)) {
      preposition = token.lower;
      consumed = false;
    } else if (token.lower == "," ||
               (consumed && !preposition.empty() && (starts || token.upos == Upos::kDet || token.upos == Upos::kPron))) {
      preposition = {};
    }
    if (token.upos == Upos::kNoun || token.upos == Upos::kPropn || token.upos == Upos::kNum) consumed = true;
    if (!starts) continue;
    consumed = true;
    last = m;
    int chosen = m;
    const Mention& mention = document_.mentions[here_[m]];
    if (preposition.empty()) {
      // 'Germany's chancellor': the person, where both are mentions.
      size_t next = mention.tokens.end;
      while (next < phrase.end && IsPossessiveMark(sentence_.tokens[next])) ++next;
      const int after = next < phrase.end ? MentionAt(next) : -1;
      if (after > m && mention.is_possessive) chosen = after;
      if (first < 0) first = chosen;
    } else if (preposition == "of" && of < 0) {
      of = chosen;
    } else if (other < 0 && (preposition == "in" || preposition == "from" || preposition == "at")) {
      other = chosen;
    }
    t = mention.tokens.end - 1;
  }
  const int best = antecedent && last >= 0 ? last : first >= 0 ? first : of >= 0 ? of : other;
  if (best < 0) return {};
  Parties parties = WithConjuncts(best, antecedent);
  if (!antecedent && parties.size() > 1) AddListBefore(best, parties);
  return parties;
}

bool OrderArguments::IsObjectControlled(const VerbGroup& verb) const {
  if (verb.parent < 0 || verb.object.empty() || clauses_.groups[verb.parent].passive) return false;
  if (verb.link == Link::kGerund) return verb.mark == "of" || verb.mark == "from" || verb.mark == "for";
  return verb.link == Link::kInfinitive &&
         grammar_.object_control.contains(sentence_.tokens[clauses_.groups[verb.parent].head].lemma);
}

TokenRange OrderArguments::SubjectRange(int group, int depth) const {
  if (group < 0 || depth > kDeepestControl) return {};
  const VerbGroup& verb = clauses_.groups[group];
  if (IsObjectControlled(verb)) {
    return verb.object;
  }
  if (!verb.subject.empty()) return verb.subject;
  return SubjectRange(verb.shared_subject, depth + 1);
}

Parties OrderArguments::SurfaceSubject(int group, int depth) const {
  if (group < 0 || depth > kDeepestControl) return {};
  const VerbGroup& verb = clauses_.groups[group];
  if (verb.noun >= 0) {
    Parties owner = Possessor({Range(verb.noun, verb.noun + 1), static_cast<uint16_t>(verb.noun), true});
    if (!owner.empty()) return owner;
  }
  if (IsObjectControlled(verb)) {
    TokenRange object = verb.object;
    while (!object.empty() && IsAdposition(sentence_, object.begin)) ++object.begin;
    Parties found = InPhrase(object, false);
    if (!found.empty() || verb.link == Link::kInfinitive) return found;
  }
  if (!verb.subject.empty()) return InPhrase(verb.subject, verb.antecedent);
  return SurfaceSubject(verb.shared_subject, depth + 1);
}

Parties OrderArguments::Subject(const Anchor& anchor) const {
  if (anchor.is_noun) {
    Parties found = Possessor(anchor);
    if (found.empty()) found = Prepositional(anchor, "by");
    if (found.empty()) found = LightVerbSubject(anchor);
    return found;
  }
  const int group = OwnGroup(anchor);
  if (group < 0) return {};
  if (clauses_.groups[group].passive) return Prepositional(anchor, "by");
  return SurfaceSubject(group, 0);
}

Parties OrderArguments::LightVerbSubject(const Anchor& anchor) const {
  const int group = clauses_.At(anchor.head);
  if (group < 0) return {};
  const VerbGroup& verb = clauses_.groups[group];
  if (!light_verbs_.contains(sentence_.tokens[verb.head].lemma)) return {};
  if (verb.passive) {
    if (anchor.head > verb.head && !verb.antecedent) return {};
    return Prepositional({verb.tokens, verb.head, false}, "by");
  }
  if (anchor.head < verb.head) return {};
  for (size_t t = verb.tokens.end; t < anchor.head; ++t) {
    const Token& token = sentence_.tokens[t];
    if (token.upos == Upos::kAdp && token.lower != "of" && token.lower != "out" && token.lower != "up" && token.lower != "in" &&
        token.lower != "on") {
      return {};
    }
  }
  return SurfaceSubject(group, 0);
}

Parties OrderArguments::ClauseSubject(const Anchor& anchor) const {
  const int group = clauses_.At(anchor.head);
  return group < 0 ? Parties() : SurfaceSubject(group, 0);
}

Parties OrderArguments::Place(const Anchor& anchor) const {
  for (const std::string_view preposition : {"in", "at", "near", "outside"}) {
    Parties found = Prepositional(anchor, preposition);
    if (!found.empty()) return found;
  }
  for (const uint32_t index : here_) {
    const Mention& mention = document_.mentions[index];
    if (mention.tokens.begin == 0 || mention.kind != document::MentionKind::kState) continue;
    const std::string_view before = sentence_.tokens[mention.tokens.begin - 1].lower;
    if (before == "in" || before == "at") return {index};
  }
  return {};
}

bool OrderArguments::EndsPhrase(size_t t) const {
  const Token& token = sentence_.tokens[t];
  if (clause::IsHardBoundary(sentence_.tokens, t) && MentionAt(t) < 0) return true;
  if (token.upos == Upos::kSconj || grammar_.relatives.contains(token.lower)) return true;
  for (const VerbGroup& verb : clauses_.groups) {
    if (verb.tokens.begin == t) return true;
  }
  return false;
}

TokenRange OrderArguments::ObjectRange(const Anchor& anchor) const {
  size_t t = anchor.head + 1;
  const size_t limit = std::min(sentence_.tokens.size(), t + kLongestPhrase);
  for (; t < limit; ++t) {
    if (anchor.trigger.contains(static_cast<int>(t))) continue;
    const Token& token = sentence_.tokens[t];
    if (EndsPhrase(t)) break;
    if (IsAdposition(sentence_, t) && token.lower != "of" && MentionAt(t) < 0) break;
    if (token.lower == "," && MentionAt(t + 1) < 0) break;
  }
  return Range(anchor.head + 1, t);
}

Parties OrderArguments::Object(const Anchor& anchor) const {
  if (anchor.is_noun) return Prepositional(anchor, "of");
  const int group = OwnGroup(anchor);
  if (group >= 0 && clauses_.groups[group].passive) return SurfaceSubject(group, 0);
  const TokenRange range = ObjectRange(anchor);
  for (size_t t = range.begin; t < range.end; ++t) {
    const int m = MentionAt(t);
    if (m < 0) continue;
    const Mention& mention = document_.mentions[here_[m]];
    size_t next = mention.tokens.end;
    while (next < range.end && IsPossessiveMark(sentence_.tokens[next])) ++next;
    const int after = next < range.end ? MentionAt(next) : -1;
    return WithConjuncts(after > m && mention.is_possessive ? after : m, false);
  }
  return {};
}

Parties OrderArguments::Possessor(const Anchor& anchor) const {
  size_t steps = 0;
  for (size_t t = anchor.trigger.begin; t > 0 && steps < kFarthestPossessor; --t, ++steps) {
    const Token& token = sentence_.tokens[t - 1];
    const int m = MentionAt(t - 1);
    if (m >= 0) return WithConjuncts(m, true);
    const bool inside = token.upos == Upos::kAdj || token.upos == Upos::kNoun || token.upos == Upos::kPropn ||
                        token.upos == Upos::kNum || token.upos == Upos::kAdv || token.lower == "-" || IsPossessiveMark(token) ||
                        token.upos == Upos::kCconj || (token.upos == Upos::kVerb && !EndsPhrase(t - 1));
    if (!inside) break;
  }
  return {};
}

Parties OrderArguments::Prepositional(const Anchor& anchor, std::string_view preposition) const {
  const size_t limit = std::min<size_t>(sentence_.tokens.size(), anchor.head + 1 + kFarthestPhrase);
  for (size_t t = anchor.head + 1; t < limit; ++t) {
    const Token& token = sentence_.tokens[t];
    if (!anchor.trigger.contains(static_cast<int>(t)) && EndsPhrase(t) && token.lower != preposition) {
      bool participle = false;
      for (const VerbGroup& verb : clauses_.groups) {
        participle |= verb.tokens.begin == t && verb.form == Form::kParticiple && anchor.is_noun;
      }
      if (!participle) return {};
    }
    if (token.lower != preposition) continue;
    for (size_t k = t + 1; k < std::min(sentence_.tokens.size(), t + 1 + kLongestPhrase); ++k) {
      const int m = MentionAt(k);
      if (m >= 0) {
        const Mention& mention = document_.mentions[here_[m]];
        size_t next = mention.tokens.end;
        while (next < sentence_.tokens.size() && IsPossessiveMark(sentence_.tokens[next])) ++next;
        const int after = next < sentence_.tokens.size() ? MentionAt(next) : -1;
        return WithConjuncts(after > m && mention.is_possessive ? after : m, false);
      }
      if (EndsPhrase(k) || sentence_.tokens[k].lower == ",") break;
      if (IsAdposition(sentence_, k) && sentence_.tokens[k].lower != "of") break;
    }
  }
  return {};
}

int OrderArguments::ObjectNoun(const Anchor& anchor, const StringSet& words) const {
  const int group = OwnGroup(anchor);
  TokenRange range = ObjectRange(anchor);
  if (group >= 0 && clauses_.groups[group].passive) range = SubjectRange(group, 0);
  // The head of a compound stands last: 'a defence cooperation agreement'.
  int found = -1;
  for (size_t t = range.begin; t < range.end; ++t) {
    const Token& token = sentence_.tokens[t];
    if (found >= 0 && (IsAdposition(sentence_, t) || token.lower == "," || token.upos == Upos::kCconj)) break;
    if (words.contains(token.lemma) || words.contains(token.lower)) found = static_cast<int>(t);
  }
  return found;
}

int OrderArguments::SubjectNoun(const Anchor& anchor, const StringSet& words) const {
  const int group = OwnGroup(anchor);
  if (group < 0 || clauses_.groups[group].passive) return -1;
  const TokenRange range = SubjectRange(group, 0);
  for (size_t t = range.begin; t < range.end; ++t) {
    const Token& token = sentence_.tokens[t];
    if (words.contains(token.lemma) || words.contains(token.lower)) return static_cast<int>(t);
  }
  return -1;
}

}  // namespace demarche::frames
