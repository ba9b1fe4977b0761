#include "pipeline/actors/subject.h"

#include <algorithm>

#include "pipeline/document/relation.h"

namespace demarche::actors {

namespace relation = document::relation;
using document::Sentence;
using document::Token;

int SubjectOf(const Sentence& sentence, int verb) {
  const auto& tokens = sentence.tokens;
  while (verb >= 0) {
    const auto subject = std::find_if(tokens.begin(), tokens.end(), [&](const Token& word) {
      return word.head == verb && relation::Base(word.label) == relation::kNsubj;
    });
    if (subject != tokens.end()) return static_cast<int>(subject - tokens.begin());
    const Token& above = tokens[verb];
    verb = above.label == relation::kConj && above.head < verb ? above.head : -1;
  }
  return -1;
}

int GoverningSubject(const Sentence& sentence, int pronoun) {
  const auto& tokens = sentence.tokens;
  int word = tokens[pronoun].label == relation::kNmodPoss ? tokens[pronoun].head : pronoun;
  if (word < 0 || relation::Base(tokens[word].label) != relation::kNsubj) return -1;
  word = tokens[word].head;
  while (word >= 0 && tokens[word].label == relation::kConj) word = tokens[word].head;
  if (word < 0 || (tokens[word].label != relation::kCcomp && tokens[word].label != relation::kAdvcl)) return -1;
  const int subject = SubjectOf(sentence, tokens[word].head);
  return subject < pronoun ? subject : -1;
}

}  // namespace demarche::actors
