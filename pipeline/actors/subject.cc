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
  if (word < 0) return -1;
  int above = tokens[word].head;
  if (tokens[word].label == relation::kAclRelcl) {  // 'Peru expelled two Chileans, whom it accuses of spying'
    while (above >= 0 && tokens[above].upos != document::Upos::kVerb && relation::Base(tokens[above].label) != relation::kNsubj)
      above = tokens[above].head;
    if (above < 0 || tokens[above].upos != document::Upos::kVerb) return -1;
  } else if (tokens[word].label != relation::kCcomp && tokens[word].label != relation::kAdvcl) {
    return -1;
  }
  const int subject = SubjectOf(sentence, above);
  return subject < pronoun ? subject : -1;
}

int SubjectBehind(const Sentence& sentence, int pronoun) {
  const auto& tokens = sentence.tokens;
  if (relation::Base(tokens[pronoun].label) != relation::kNsubj) return -1;
  const int verb = tokens[pronoun].head;
  if (verb < 0 || tokens[verb].label != relation::kAdvcl || tokens[verb].head < verb) return -1;
  const int subject = SubjectOf(sentence, tokens[verb].head);
  return subject > verb ? subject : -1;
}

int ObjectBefore(const Sentence& sentence, int pronoun) {
  const auto& tokens = sentence.tokens;
  for (int t = pronoun - 1; t >= 0; --t) {
    if (tokens[t].label == relation::kObj && tokens[t].head != tokens[pronoun].head && tokens[t].upos != document::Upos::kPron)
      return t;
  }
  return -1;
}

int RootOf(const Sentence& sentence) {
  const auto root = std::find_if(sentence.tokens.begin(), sentence.tokens.end(),
                                 [](const Token& token) { return token.head == document::kRoot; });
  return root == sentence.tokens.end() ? -1 : static_cast<int>(root - sentence.tokens.begin());
}

}  // namespace demarche::actors
