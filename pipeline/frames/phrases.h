#ifndef DEMARCHE_PIPELINE_FRAMES_PHRASES_H_
#define DEMARCHE_PIPELINE_FRAMES_PHRASES_H_

#include <cstdint>
#include <vector>

#include "pipeline/clause/clauses.h"
#include "pipeline/clause/grammar.h"
#include "pipeline/clause/tree.h"
#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"

namespace demarche::frames {

// Whether a word or its lemma is in the list.
inline bool Is(const document::Token& token, const StringSet& words) {
  return words.contains(token.lemma) || words.contains(token.lower);
}

// Indices into Document::mentions.
using Parties = std::vector<uint32_t>;

// Tells who is named in the noun phrases of one sentence. Lives as long as the sentence is worked on; used by one thread.
class Phrases {
 public:
  // All outlive this object.
  Phrases(const document::Document& document, uint32_t sentence, const clause::Tree& tree, const clause::Clauses& clauses,
          const clause::Grammar& grammar);

  // The mention that covers a token; -1 without one.
  int32_t MentionAt(int token) const { return mention_at_[token]; }
  // Who stands in the noun phrase of a token: named by it, else by what modifies it; with those joined to it.
  Parties Named(int noun) const;
  // 'along with Kenya'.
  bool IsBeside(int noun) const;
  // 'between X and Y': two, though the tree may have cut Y off.
  void AddOther(Parties& parties) const;
  // The first noun of `words` in the phrase of a token, the head first; -1 when there is none.
  int NounIn(int noun, const StringSet& words) const;

 private:
  // Whom 'Kenyan' or 'of Kenya' names beside a noun; nobody beside one who acts for himself.
  Parties Modifying(int noun) const;
  void AddJoined(int noun, Parties& parties) const;
  bool IsJoined(int noun, int child) const;
  const document::Mention& MentionOf(uint32_t index) const { return document_.mentions[index]; }

  const document::Document& document_;
  const document::Sentence& sentence_;
  const clause::Tree& tree_;
  const clause::Clauses& clauses_;
  const clause::Grammar& grammar_;
  std::vector<int32_t> mention_at_;  // of each token; -1 without one
};

}  // namespace demarche::frames

#endif  // DEMARCHE_PIPELINE_FRAMES_PHRASES_H_
