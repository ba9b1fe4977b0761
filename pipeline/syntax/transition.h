#ifndef DEMARCHE_PIPELINE_SYNTAX_TRANSITION_H_
#define DEMARCHE_PIPELINE_SYNTAX_TRANSITION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace demarche::syntax {

enum class Action : uint8_t { kShift, kLeft, kRight };
inline constexpr int kActions = 3;

// Token slots whose vectors the parser sees: three of the stack, three of the buffer, children of the tops.
inline constexpr int kPositions = 10;
// Small features: labels of four children, two distances, two valencies, the size of the stack.
inline constexpr int kTables = 9;
inline constexpr int kDistanceRows = 8;
inline constexpr int kValencyRows = 16;
inline constexpr int kStackRows = 4;

// Rows of all small feature tables together, for a model with so many labels.
constexpr int TableRows(int labels) { return 4 * (labels + 1) + 2 * kDistanceRows + 2 * kValencyRows + kStackRows; }

// What the parser looks at in one state. Positions hold a token, the root (= number of tokens) or -1.
struct StateFeatures {
  std::array<int, kPositions> positions;
  std::array<int, kTables> rows;  // rows of the joined feature table
};

// The arc-hybrid transition system over one sentence, the root after the last token. Every run ends after 2n steps in a
// projective tree with exactly one token under the root. Scratch of one thread; Reset makes it ready for the next sentence
// without an allocation once it has seen one as long.
class ArcHybrid {
 public:
  void Reset(int count, int labels);

  bool done() const { return next_ == count_ && stack_.empty(); }
  bool Can(Action action) const;
  // Applies a legal action; `label` is used by arcs only.
  void Apply(Action action, int label);
  StateFeatures Features() const;

  int count() const { return count_; }
  int next() const { return next_; }                        // front of the buffer; count() is the root
  const std::vector<int>& stack() const { return stack_; }  // top at the back
  // The head that an arc action would give to the top of the stack.
  int HeadFor(Action action) const { return action == Action::kLeft ? next_ : stack_[stack_.size() - 2]; }
  int head(int token) const { return nodes_[token].head; }  // -1 before it has one
  int label(int token) const { return nodes_[token].label; }

 private:
  struct Node {
    int head = -1;
    int label = 0;
    int left = -1;   // leftmost child
    int right = -1;  // rightmost child
    int left_count = 0;
    int right_count = 0;
  };
  int FromTop(size_t depth) const { return depth < stack_.size() ? stack_[stack_.size() - 1 - depth] : -1; }
  int LabelRow(int child) const { return child < 0 ? labels_ : nodes_[child].label; }
  int ValencyRow(int token) const;

  int count_ = 0;
  int labels_ = 0;
  int next_ = 0;
  std::vector<int> stack_;
  std::vector<Node> nodes_;  // the tokens, then the root
};

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_TRANSITION_H_
