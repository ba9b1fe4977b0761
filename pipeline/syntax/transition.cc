#include "pipeline/syntax/transition.h"

#include <algorithm>

namespace demarche::syntax {
namespace {

int DistanceRow(int from, int to) {
  if (from < 0 || to < 0) return 0;
  const int distance = to - from;
  if (distance <= 4) return distance;
  return distance <= 6 ? 5 : distance <= 10 ? 6 : 7;
}

}  // namespace

void ArcHybrid::Reset(int count, int labels) {
  count_ = count;
  labels_ = labels;
  next_ = 0;
  stack_.clear();
  nodes_.assign(count + 1, Node());
}

bool ArcHybrid::Can(Action action) const {
  switch (action) {
    case Action::kShift:
      return next_ < count_;
    case Action::kLeft:  // the root takes the last token of the stack only: one root
      return !stack_.empty() && (next_ < count_ || stack_.size() == 1);
    case Action::kRight:
      return stack_.size() >= 2;
  }
  return false;
}

void ArcHybrid::Apply(Action action, int label) {
  if (action == Action::kShift) {
    stack_.push_back(next_++);
    return;
  }
  const int dependent = stack_.back();
  const int head = HeadFor(action);
  stack_.pop_back();
  nodes_[dependent].head = head;
  nodes_[dependent].label = label;
  Node& node = nodes_[head];
  // Arcs are drawn from the inside out: the newest child of a side is its outermost.
  if (action == Action::kLeft) {
    node.left = dependent;
    ++node.left_count;
  } else {
    node.right = dependent;
    ++node.right_count;
  }
}

int ArcHybrid::ValencyRow(int token) const {
  if (token < 0) return 0;
  return std::min(nodes_[token].left_count, 3) * 4 + std::min(nodes_[token].right_count, 3);
}

StateFeatures ArcHybrid::Features() const {
  const int s0 = FromTop(0), s1 = FromTop(1), s2 = FromTop(2);
  const int b0 = next_, b1 = next_ + 1 <= count_ ? next_ + 1 : -1, b2 = next_ + 2 <= count_ ? next_ + 2 : -1;
  const int s0_left = s0 < 0 ? -1 : nodes_[s0].left, s0_right = s0 < 0 ? -1 : nodes_[s0].right;
  const int s1_right = s1 < 0 ? -1 : nodes_[s1].right, b0_left = nodes_[b0].left;
  StateFeatures features;
  features.positions = {s0, s1, s2, b0, b1, b2, s0_left, s0_right, s1_right, b0_left};
  int base = 0;
  int slot = 0;
  for (const int child : {s0_left, s0_right, s1_right, b0_left}) {
    features.rows[slot++] = base + LabelRow(child);
    base += labels_ + 1;
  }
  features.rows[slot++] = base + DistanceRow(s0, b0);
  base += kDistanceRows;
  features.rows[slot++] = base + DistanceRow(s1, s0);
  base += kDistanceRows;
  features.rows[slot++] = base + ValencyRow(s0);
  base += kValencyRows;
  features.rows[slot++] = base + ValencyRow(b0);
  base += kValencyRows;
  features.rows[slot++] = base + std::min<int>(static_cast<int>(stack_.size()), kStackRows - 1);
  return features;
}

}  // namespace demarche::syntax
