#include "pipeline/assembly/scope.h"

#include <algorithm>
#include <iterator>

#include "pipeline/resources/table.h"

namespace demarche::assembly {
namespace {

using clause::Form;
using clause::Link;
using clause::VerbGroup;
using document::Frame;
using document::Sentence;
using document::Token;
using document::Upos;

constexpr int kFarthestModifier = 4;  // tokens from a noun to its modifiers

constexpr std::string_view kEffectNames[] = {"denied", "negated", "hypothetical", "planned", "attempted"};
constexpr std::string_view kPlaceNames[] = {"verb", "object", "subject", "predicate", "noun", "modifier", "mark", "modal"};
constexpr v1::Factuality kFactuality[] = {v1::FACTUALITY_DENIED, v1::FACTUALITY_NEGATED, v1::FACTUALITY_HYPOTHETICAL,
                                          v1::FACTUALITY_PLANNED, v1::FACTUALITY_HYPOTHETICAL};

// Of adjectives before an infinitive that tells what was done.
bool IsManner(std::string_view adjective) {
  static constexpr std::string_view kWords[] = {"quick", "swift", "prompt", "slow", "first", "last", "proud", "glad"};
  return std::find(std::begin(kWords), std::end(kWords), adjective) != std::end(kWords);
}

int IndexOf(const std::string_view* names, int count, std::string_view name) {
  for (int i = 0; i < count; ++i) {
    if (names[i] == name) return i;
  }
  return -1;
}

}  // namespace

// The strongest effect so far: denied before negated before hypothetical before planned before attempted.
struct ScopeRules::Finding {
  int effect = kEffectCount;
  std::string rule;

  void Add(int found, std::string_view place, std::string_view word) {
    if (found >= effect) return;
    effect = found;
    rule = std::string(kEffectNames[found]) + " by " + std::string(place) + " '" + std::string(word) + "'";
  }
};

absl::StatusOr<ScopeRules> ScopeRules::Load() {
  constexpr std::string_view kTable = "lexicon/scope.tsv";
  const auto rows = resources::ReadBuiltInTable(kTable, 3);
  if (!rows.ok()) return rows.status();
  ScopeRules rules;
  for (const resources::Row& row : *rows) {
    const int effect = IndexOf(kEffectNames, kEffectCount, row.cells[0]);
    const int place = IndexOf(kPlaceNames, kPlaceCount, row.cells[1]);
    if (effect < 0 || place < 0) {
      return absl::InvalidArgumentError(
          std::string(kTable) + ":" + std::to_string(row.line) + ": unknown " +
          (effect < 0 ? "effect '" + std::string(row.cells[0]) : "place '" + std::string(row.cells[1])) + "'");
    }
    for (const std::string_view word : resources::Split(row.cells[2], ' ')) rules.words_[effect][place].emplace(word);
  }
  for (const auto& [table, kinds] :
       {std::pair("lexicon/announced.tsv", &rules.announced_), {"lexicon/refused.tsv", &rules.refused_}}) {
    const auto pairs = resources::ReadBuiltInTable(table, 2);
    if (!pairs.ok()) return pairs.status();
    for (const resources::Row& row : *pairs) (*kinds)[std::string(row.cells[0])] = std::string(row.cells[1]);
  }
  return rules;
}

std::string_view ScopeRules::WhenPlanned(std::string_view kind) const {
  const auto found = announced_.find(kind);
  return found == announced_.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view ScopeRules::WhenRefused(std::string_view kind, std::string_view type) const {
  auto found = refused_.find(kind);
  if (found == refused_.end()) found = refused_.find(type);
  return found == refused_.end() ? std::string_view() : std::string_view(found->second);
}

bool ScopeRules::IsOfTheFuture(const clause::Clauses& clauses, int group) const {
  while (clauses.groups[group].form == Form::kInfinitive && clauses.groups[group].modal.empty() &&
         clauses.groups[group].parent >= 0) {
    group = clauses.groups[group].parent;
  }
  const std::string_view modal = clauses.groups[group].modal;
  return words_[kPlanned][kModal].contains(modal) || modal == "would";
}

bool ScopeRules::Look(Place place, std::string_view word, Finding& finding) const {
  for (int effect = 0; effect < kEffectCount; ++effect) {
    if (!words_[effect][place].contains(word)) continue;
    finding.Add(effect, kPlaceNames[place], word);
    return true;
  }
  return false;
}

void ScopeRules::FromPredicate(const Sentence& sentence, const VerbGroup& verb, Finding& finding) const {
  if (verb.node != verb.head) Look(kPredicate, sentence.tokens[verb.node].lemma, finding);
}

void ScopeRules::FromGroup(const Sentence& sentence, const clause::Clauses& clauses, const clause::Grammar& grammar, int group,
                           Finding& finding) const {
  const VerbGroup& verb = clauses.groups[group];
  if (verb.negated) finding.Add(kNegated, "verb", "not");
  FromPredicate(sentence, verb, finding);
  if (!verb.subject.empty()) Look(kSubject, sentence.tokens[verb.subject.begin].lower, finding);
  // 'sent no troops', 'jailed nobody': what stands as a subject of nothing stands as an object of nothing.
  const size_t after = verb.head + 1;
  if (after < sentence.tokens.size() && words_[kNegated][kSubject].contains(sentence.tokens[after].lower)) {
    finding.Add(kNegated, "object", sentence.tokens[after].lower);
  }
  Look(kMark, verb.mark, finding);
  // 'will pay once a loan is approved'
  if ((verb.mark == "once" || verb.mark == "until") && verb.parent >= 0 && !clauses.groups[verb.parent].modal.empty()) {
    finding.Add(kHypothetical, "mark", verb.mark);
  }
  if (verb.modal.empty()) return;
  const bool told = (verb.link == Link::kContent || verb.link == Link::kQuoted) && verb.parent >= 0 &&
                    grammar.speech.contains(sentence.tokens[clauses.groups[verb.parent].head].lemma);
  if (told && (verb.modal == "would" || verb.modal == "'d")) {
    finding.Add(kPlanned, "modal", verb.modal);
  } else {
    Look(kModal, verb.modal, finding);
  }
}

bool ScopeRules::IsCarrier(std::string_view noun) const {
  return std::any_of(std::begin(words_), std::end(words_), [&](const auto& places) { return places[kNoun].contains(noun); });
}

bool ScopeRules::HoldsAuxiliary(const Sentence& sentence, const clause::Grammar& grammar, const Frame& frame) const {
  for (int t = frame.trigger.begin; t < frame.trigger.end; ++t) {
    const std::string_view word = sentence.tokens[t].lower;
    if (t < frame.head &&
        (grammar.modals.contains(word) || word == "not" || word == "n't" || word == "n\u2019t" || word == "never"))
      return true;
    // 'has no plans to' and 'said no to' are refusals, 'held no talks' is none
    if (word != "no" || t == frame.trigger.begin || t + 1 >= frame.trigger.end) continue;
    const Token& next = sentence.tokens[t + 1];
    if (next.lower == "to" || (t + 2 < frame.trigger.end && IsCarrier(next.lemma))) return true;
  }
  return false;
}

void ScopeRules::FromParents(const Sentence& sentence, const clause::Clauses& clauses, const clause::Grammar& grammar, int group,
                             Finding& finding) const {
  for (int steps = 0; group >= 0 && steps < clause::kDeepestChain; ++steps) {
    const VerbGroup& verb = clauses.groups[group];
    const int parent = verb.parent;
    if (verb.noun >= 0) Look(kNoun, sentence.tokens[verb.noun].lemma, finding);
    if (parent < 0 && verb.form == Form::kInfinitive) finding.Add(kPlanned, "headline", "to");
    if (parent < 0 || verb.link == Link::kRoot || verb.link == Link::kRelative || verb.link == Link::kAdverbial) return;
    const VerbGroup& governor = clauses.groups[parent];
    const Token& word = sentence.tokens[governor.head];
    if (verb.link == Link::kConjunct) {
      Look(kMark, governor.mark, finding);
      group = parent;
      continue;
    }
    const bool reported = verb.link == Link::kContent || verb.link == Link::kQuoted;
    if (reported) {
      if (words_[kDenied][kVerb].contains(word.lemma)) finding.Add(kDenied, "verb", word.lemma);
      if (words_[kHypothetical][kVerb].contains(word.lemma)) finding.Add(kHypothetical, "verb", word.lemma);
      if (governor.negated && verb.link == Link::kContent) finding.Add(kHypothetical, "verb", "not " + std::string(word.lemma));
      if (verb.noun >= 0) FromPredicate(sentence, governor, finding);  // 'the report that X left is false'
      return;
    }
    // 'in order to', 'to end the war, X ...': a purpose is not a fact.
    const bool adjacent = verb.tokens.begin <= governor.tokens.end + 1;
    if (!Look(kVerb, word.lemma, finding) && verb.form == Form::kInfinitive) {
      if (word.lemma == "be" && adjacent) {
        // 'were quick to recognise' tells that they did
        if (!IsManner(sentence.tokens[verb.tokens.begin - 1].lemma)) finding.Add(kPlanned, "verb", "be to");
      } else if (!adjacent && verb.noun < 0 && verb.mark == "to") {
        finding.Add(kHypothetical, "purpose", "to");
      }
    }
    // 'is due to visit', 'is likely to leave', 'began preparations to leave'
    if (verb.form == Form::kInfinitive && verb.tokens.begin > 0) {
      const Token& before = sentence.tokens[verb.tokens.begin - 1];
      if (before.upos == Upos::kNoun) Look(kNoun, before.lemma, finding);
      if (word.lemma == "be" && before.lemma == "due") finding.Add(kPlanned, "verb", "due to");
      if (word.lemma == "be") Look(kVerb, before.lemma, finding);
    }
    FromGroup(sentence, clauses, grammar, parent, finding);
    group = parent;
  }
}

void ScopeRules::FromNounPhrase(const Sentence& sentence, const clause::Clauses& clauses, const Frame& frame,
                                Finding& finding) const {
  int i = frame.trigger.begin;
  for (int steps = 0; i > 0 && steps < kFarthestModifier; ++steps) {
    const Token& token = sentence.tokens[i - 1];
    if (token.upos == Upos::kAux || token.lower == ",") break;
    --i;
    if (Look(kModifier, token.lower, finding)) break;
    if (token.upos == Upos::kAdp) break;
    if (token.upos == Upos::kVerb) break;
  }
  // 'plans for talks', 'the threat of an attack', but not 'a deal after days of talks'
  const bool is_before = sentence.tokens[i].lower == "after" || sentence.tokens[i].lower == "since";
  if (i > 0 && sentence.tokens[i].upos == Upos::kAdp && !is_before) Look(kNoun, sentence.tokens[i - 1].lemma, finding);
  const int group = clauses.At(frame.head);
  if (group < 0) return;
  const VerbGroup& verb = clauses.groups[group];
  if (frame.head > verb.head || verb.passive) Look(kObject, sentence.tokens[verb.head].lemma, finding);
}

Scope ScopeRules::Of(const Sentence& sentence, const clause::Clauses& clauses, const clause::Grammar& grammar, const Frame& frame,
                     v1::EventType type) const {
  Finding finding;
  int group = -1;
  bool is_noun = true;
  for (size_t g = 0; g < clauses.groups.size(); ++g) {
    if (clauses.groups[g].tokens.contains(frame.head)) {
      group = static_cast<int>(g);
      is_noun = false;
    }
  }
  if (is_noun) {
    FromNounPhrase(sentence, clauses, frame, finding);
    group = clauses.At(frame.head);
  }
  const int group_of_act = group;
  if (group >= 0) {
    const VerbGroup& verb = clauses.groups[group];
    // A noun before an active verb is its subject: only its modality reaches it.
    if (is_noun && frame.head < verb.head && !verb.passive) {
      Look(kMark, verb.mark, finding);
      Look(kModal, verb.modal, finding);
      FromPredicate(sentence, verb, finding);
      if (verb.negated && (sentence.tokens[verb.head].lemma == "take" || sentence.tokens[verb.head].lemma == "happen")) {
        finding.Add(kNegated, "verb", "not");
      }
    } else if (!HoldsAuxiliary(sentence, grammar, frame)) {
      FromGroup(sentence, clauses, grammar, group, finding);
    }
    FromParents(sentence, clauses, grammar, group, finding);
  }
  Scope scope;
  const bool is_done_by_trying = type == v1::EVENT_TYPE_ASSAULT || type == v1::EVENT_TYPE_PROTEST;
  if (finding.effect == kAttempted && is_done_by_trying) return scope;
  if (finding.effect < kEffectCount) {
    scope.factuality = kFactuality[finding.effect];
    scope.rule = std::move(finding.rule);
    scope.is_refusal = finding.effect == kNegated && group_of_act >= 0 && IsOfTheFuture(clauses, group_of_act);
  }
  return scope;
}

}  // namespace demarche::assembly
