#include "pipeline/clause/tree.h"

#include <algorithm>

namespace demarche::clause {

namespace relation = document::relation;

Tree::Tree(const document::Sentence& sentence) : tokens_(sentence.tokens) {
  const size_t count = tokens_.size();
  first_.assign(count + 1, 0);
  for (const document::Token& token : tokens_) {
    if (token.head >= 0) ++first_[token.head + 1];
  }
  for (size_t t = 0; t < count; ++t) first_[t + 1] += first_[t];
  children_.resize(first_[count]);
  std::vector<uint16_t> next(first_.begin(), first_.end() - 1);
  for (size_t t = 0; t < count; ++t) {
    spans_.push_back({static_cast<uint16_t>(t), static_cast<uint16_t>(t + 1)});
    if (tokens_[t].head >= 0) children_[next[tokens_[t].head]++] = static_cast<int16_t>(t);
  }
  for (size_t t = 0; t < count; ++t) {
    size_t steps = 0;
    for (int above = tokens_[t].head; above >= 0 && steps++ < count; above = tokens_[above].head) {
      spans_[above].begin = std::min(spans_[above].begin, static_cast<uint16_t>(t));
      spans_[above].end = std::max(spans_[above].end, static_cast<uint16_t>(t + 1));
    }
  }
}

std::span<const int16_t> Tree::Children(int token) const {
  return {children_.data() + first_[token], static_cast<size_t>(first_[token + 1] - first_[token])};
}

int Tree::Child(int token, std::string_view wanted) const {
  for (const int child : Children(token)) {
    if (Relation(child) == wanted) return child;
  }
  return -1;
}

bool Tree::IsUnder(int token, int ancestor) const {
  for (int steps = 0; token >= 0 && steps <= size(); ++steps) {
    if (token == ancestor) return true;
    token = Head(token);
  }
  return false;
}

std::string_view Tree::Case(int token) const {
  const int mark = Child(token, relation::kCase);
  return mark < 0 || tokens_[mark].upos == document::Upos::kPart ? std::string_view() : tokens_[mark].lower;
}

}  // namespace demarche::clause
