#include "pipeline/clause/clauses.h"

namespace demarche::clause {
namespace {

using document::Sentence;
using document::Token;
using document::Upos;

bool EndsWith(std::string_view text, std::string_view suffix) {
  return text.size() > suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

// 'the seized ships', 'a planned visit': a participle that describes a noun.
bool IsModifier(const Sentence& sentence, size_t i) {
  if (i == 0 || i + 1 >= sentence.tokens.size()) return false;
  const Token& before = sentence.tokens[i - 1];
  const Token& verb = sentence.tokens[i];
  if (!EndsWith(verb.lower, "ed") && !EndsWith(verb.lower, "ing") && !EndsWith(verb.lower, "en")) return false;
  const bool opens = before.upos == Upos::kDet || before.upos == Upos::kAdj || before.upos == Upos::kNum || before.lower == "'s" ||
                     before.lower == "\u2019s" || before.upos == Upos::kAdp;
  const Token& after = sentence.tokens[i + 1];
  if (before.upos == Upos::kAdp && EndsWith(verb.lower, "ing")) return false;
  return opens && (after.upos == Upos::kNoun || after.upos == Upos::kAdj);
}

// 'resumed oil exports to': a plural noun that was taken for a verb. A bare verb before, and only nouns between.
bool IsMistakenNoun(const Sentence& sentence, size_t i) {
  const Token& token = sentence.tokens[i];
  if (!EndsWith(token.lower, "s") || token.lower == token.lemma) return false;
  size_t k = i;
  while (k > 0 && (sentence.tokens[k - 1].upos == Upos::kNoun || sentence.tokens[k - 1].upos == Upos::kAdj ||
                   sentence.tokens[k - 1].upos == Upos::kNum || sentence.tokens[k - 1].upos == Upos::kDet)) {
    --k;
  }
  if (k == i || k == 0) return false;
  return sentence.tokens[k - 1].upos == Upos::kVerb || sentence.tokens[k - 1].upos == Upos::kAdp;
}

bool IsVerbal(const Sentence& sentence, size_t i) {
  const Token& token = sentence.tokens[i];
  if (token.upos == Upos::kAux) return true;
  return token.upos == Upos::kVerb && !IsModifier(sentence, i) && !IsMistakenNoun(sentence, i);
}

bool IsNegation(const Token& token) {
  return token.lower == "not" || token.lower == "n't" || token.lower == "n\u2019t" || token.lower == "never";
}

// Adverbs and the like that may stand inside a group, when a verb follows soon.
size_t SkipInside(const Sentence& sentence, size_t i) {
  constexpr size_t kLongestInside = 3;
  size_t end = i;
  while (end < sentence.tokens.size() && end - i < kLongestInside &&
         (sentence.tokens[end].upos == Upos::kAdv || IsNegation(sentence.tokens[end]))) {
    ++end;
  }
  return end;
}

bool IsBe(std::string_view lemma) { return lemma == "be" || lemma == "get"; }

Form FormOf(const Token& token) {
  if (EndsWith(token.lower, "ing") && token.lemma != token.lower) return Form::kGerund;
  if (token.lower == token.lemma) return Form::kPresent;
  if (EndsWith(token.lower, "s") && !EndsWith(token.lower, "ss") && token.lower != "was") return Form::kPresent;
  return Form::kPast;
}

void ReadAuxiliary(const Token& token, const Grammar& grammar, VerbGroup& group) {
  if (IsNegation(token)) group.negated = true;
  if (token.upos != Upos::kAux) return;
  if (grammar.modals.contains(token.lower) && token.lemma != "have") group.modal = token.lower;
  if (token.lemma == "have") group.perfect = true;
  if (token.lower == "had" || token.lower == "was" || token.lower == "were" || token.lower == "did") group.past_auxiliary = true;
}

// 'by' and somebody, not 'by telephone', 'by sending', 'by 20 percent'.
bool NamesAgent(const Sentence& sentence, const Grammar& grammar, size_t i) {
  if (i + 1 >= sentence.tokens.size() || sentence.tokens[i].lower != "by") return false;
  const Token& next = sentence.tokens[i + 1];
  return next.upos != Upos::kVerb && next.upos != Upos::kNum && !grammar.means.contains(next.lower) &&
         !grammar.time_nouns.contains(next.lower);
}

// Reads one group that begins at `i`; its tokens end after the main verb.
VerbGroup ReadGroup(const Sentence& sentence, const Grammar& grammar, size_t i) {
  VerbGroup group;
  group.tokens.begin = static_cast<uint16_t>(i);
  bool infinitive = false;
  if (sentence.tokens[i].lower == "to") {
    infinitive = true;
    i = SkipInside(sentence, i + 1);
    for (size_t k = group.tokens.begin; k < i; ++k) ReadAuxiliary(sentence.tokens[k], grammar, group);
  }
  bool be = false;
  size_t head = i;
  while (true) {
    const Token& token = sentence.tokens[i];
    head = i;
    if (token.upos != Upos::kAux) break;
    ReadAuxiliary(token, grammar, group);
    be = IsBe(token.lemma);
    const size_t next = SkipInside(sentence, i + 1);
    for (size_t k = i + 1; k < next; ++k) ReadAuxiliary(sentence.tokens[k], grammar, group);
    if (next >= sentence.tokens.size() || !IsVerbal(sentence, next)) break;
    i = next;
  }
  const Token& main = sentence.tokens[head];
  const bool is_verb = main.upos != Upos::kAux;
  group.head = static_cast<uint16_t>(head);
  group.tokens.end = static_cast<uint16_t>(head + 1);
  group.form = FormOf(main);
  group.progressive = is_verb && be && group.form == Form::kGerund;
  group.passive = is_verb && be && group.form != Form::kGerund;
  if (group.tokens.begin != head) {
    group.form = group.past_auxiliary && !group.perfect ? Form::kPast : Form::kPresent;
    if (sentence.tokens[group.tokens.begin].upos == Upos::kAux && FormOf(sentence.tokens[group.tokens.begin]) == Form::kGerund) {
      group.form = Form::kGerund;
    }
  }
  if (infinitive) group.form = Form::kInfinitive;
  if (!infinitive && head > 0 && head == group.tokens.begin) {
    group.negated |= IsNegation(sentence.tokens[head - 1]);
    const bool by = NamesAgent(sentence, grammar, head + 1) && !grammar.pasts.contains(main.lower);
    if (group.form == Form::kPast && is_verb && (by || grammar.participles.contains(main.lower))) {
      group.form = Form::kParticiple;
      group.passive = true;
    }
  }
  return group;
}

}  // namespace

bool IsQuote(const Token& token) {
  return token.lower == "\"" || token.lower == "``" || token.lower == "''" || token.lower == "\u201c" || token.lower == "\u201d";
}

bool IsPunctuation(const Token& token) { return token.upos == Upos::kPunct || token.lower == "," || IsQuote(token); }

bool IsHardBoundary(const std::vector<Token>& tokens, size_t i) {
  const Token& token = tokens[i];
  if (token.lower == "-") {
    return i > 0 && i + 1 < tokens.size() && tokens[i - 1].span.end < token.span.begin && token.span.end < tokens[i + 1].span.begin;
  }
  return token.lower == ";" || token.lower == ":" || token.lower == "(" || token.lower == ")" || token.lower == "\u2014" ||
         token.lower == "\u2013" || token.lower == "--" || IsQuote(token);
}

std::vector<VerbGroup> FindVerbGroups(const Sentence& sentence, const Grammar& grammar) {
  std::vector<VerbGroup> groups;
  for (size_t i = 0; i < sentence.tokens.size(); ++i) {
    const Token& token = sentence.tokens[i];
    bool starts = IsVerbal(sentence, i);
    if (token.lower == "to" && token.upos != Upos::kNoun) {
      const size_t verb = SkipInside(sentence, i + 1);
      starts = verb < sentence.tokens.size() && IsVerbal(sentence, verb) && FormOf(sentence.tokens[verb]) == Form::kPresent &&
               (verb + 1 >= sentence.tokens.size() || sentence.tokens[verb].lower == sentence.tokens[verb].lemma);
    }
    // 'not to send': the negation stands before the group.
    if (!starts) continue;
    groups.push_back(ReadGroup(sentence, grammar, i));
    VerbGroup& group = groups.back();
    if (i > 0 && IsNegation(sentence.tokens[i - 1])) group.negated = true;
    i = group.tokens.end - 1;
  }
  return groups;
}

}  // namespace demarche::clause
