#include "pipeline/assembly/no_party.h"

#include <algorithm>
#include <string_view>

namespace demarche::assembly {

using document::Frame;
using document::Mention;
using document::Token;

bool IsDoneByNoParty(const document::Document& document, const clause::Clauses& clauses, const clause::Grammar& grammar,
                     const Frame& frame) {
  const int own = clauses.At(frame.head);
  if (own < 0 || clauses.groups[own].passive) return false;
  const int group = clauses.SubjectGroup(own);
  if (group < 0 || clauses.groups[group].subject_node < 0) return false;
  const clause::VerbGroup& verb = clauses.groups[group];
  const Token& subject = document.sentences[frame.sentence].tokens[verb.subject_node];
  if (grammar.privates.contains(subject.lemma)) return true;
  // 'Ten Pacific countries turned down a pact': unless somebody tells it, who may be of them.
  const bool is_told = verb.link == clause::Link::kQuoted || verb.link == clause::Link::kContent;
  const bool are_countries = subject.xpos == "NNS" && (subject.lemma == "country" || subject.lemma == "nation") && !is_told;
  const bool is_unnamed = verb.link == clause::Link::kRelative && grammar.unnamed.contains(subject.lemma);
  if (!is_unnamed && !are_countries && subject.upos != document::Upos::kPropn) return false;
  const auto& mentions = document.MentionsIn(frame.sentence);
  return std::none_of(mentions.begin(), mentions.end(),
                      [&](const Mention& mention) { return mention.tokens.overlaps(verb.subject); });
}

bool IsDoneToNoParty(const document::Document& document, const clause::Grammar& grammar, const Frame& frame) {
  const auto& tokens = document.sentences[frame.sentence].tokens;
  const int last = frame.trigger.end - 1;
  const int behind = tokens[last].upos == document::Upos::kAdp ? tokens[last].head : -1;
  for (int t = frame.head + 1; t < static_cast<int>(tokens.size()); ++t) {
    const bool is_object = tokens[t].head == frame.head && tokens[t].label == document::relation::kObj;
    const std::string_view noun = tokens[t].lemma;
    if ((is_object || t == behind) && (grammar.privates.contains(noun) || grammar.outsiders.contains(noun))) return true;
  }
  return false;
}

}  // namespace demarche::assembly
