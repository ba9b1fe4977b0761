#include "pipeline/clause/clauses.h"

namespace demarche::clause {

using document::Token;

int Clauses::At(int token) const { return token < static_cast<int>(owners.size()) ? owners[token] : -1; }

int Clauses::SubjectGroup(int group) const {
  for (int steps = 0; group >= 0 && steps < kDeepestChain; ++steps) {
    if (!groups[group].subject.empty()) return group;
    group = groups[group].shared_subject;
  }
  return -1;
}

bool Clauses::Governs(int ancestor, int group) const {
  bool complement = false;
  for (size_t steps = 0; group >= 0 && steps <= groups.size(); ++steps) {
    if (group == ancestor) return complement;
    const Link link = groups[group].link;
    if (link == Link::kRoot || link == Link::kRelative || link == Link::kAdverbial) return false;
    complement = link != Link::kConjunct;  // what a conjunct says is not said by the first
    group = groups[group].parent;
  }
  return false;
}

bool IsQuotationMark(std::string_view word) {
  return word == "\"" || word == "``" || word == "''" || word == "\u201c" || word == "\u201d";
}

bool IsHardBoundary(const std::vector<Token>& tokens, size_t i) {
  const Token& token = tokens[i];
  if (token.lower == "-") {
    return i > 0 && i + 1 < tokens.size() && tokens[i - 1].span.end < token.span.begin && token.span.end < tokens[i + 1].span.begin;
  }
  return token.lower == ";" || token.lower == ":" || token.lower == "(" || token.lower == ")" || token.lower == "\u2014" ||
         token.lower == "\u2013" || token.lower == "--" || IsQuotationMark(token.lower);
}

}  // namespace demarche::clause
