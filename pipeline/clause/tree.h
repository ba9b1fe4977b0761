#ifndef DEMARCHE_PIPELINE_CLAUSE_TREE_H_
#define DEMARCHE_PIPELINE_CLAUSE_TREE_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pipeline/document/document.h"
#include "pipeline/document/relation.h"

namespace demarche::clause {

// The dependency tree of a parsed sentence, read downwards. Lives as long as the sentence is worked on.
class Tree {
 public:
  explicit Tree(const document::Sentence& sentence);

  int size() const { return static_cast<int>(tokens_.size()); }
  const document::Token& operator[](int token) const { return tokens_[token]; }
  int Head(int token) const { return tokens_[token].head; }  // negative for a root
  // The relation of a token to its head, without its sub-type.
  std::string_view Relation(int token) const { return document::relation::Base(tokens_[token].label); }
  // Dependents in order of the words.
  std::span<const int16_t> Children(int token) const;
  // From the leftmost to the rightmost word below a token, itself included.
  document::TokenRange Span(int token) const { return spans_[token]; }
  // The first dependent with the wanted relation (sub-types ignored); -1 without one.
  int Child(int token, std::string_view wanted) const;
  // Whether `ancestor` is the token or stands above it.
  bool IsUnder(int token, int ancestor) const;
  // The preposition before a noun: the word of its `case` dependent; empty without one.
  std::string_view Case(int token) const;

 private:
  const std::vector<document::Token>& tokens_;
  std::vector<int16_t> children_;  // of all tokens, those of one beside each other
  std::vector<uint16_t> first_;    // where the children of a token begin; one more at the end
  std::vector<document::TokenRange> spans_;
};

}  // namespace demarche::clause

#endif  // DEMARCHE_PIPELINE_CLAUSE_TREE_H_
