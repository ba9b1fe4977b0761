#include "pipeline/train/oracle.h"

#include <algorithm>

namespace demarche::train {
namespace {

using syntax::Action;

// Gold dependents of the token that are in the buffer from `next` on.
int DependentsInBuffer(const Example& gold, int token, int next) {
  int count = 0;
  for (const int child : gold.children[token]) count += child >= next ? 1 : 0;
  return count;
}

bool OnStack(const syntax::ArcHybrid& state, int token) {
  return std::find(state.stack().begin(), state.stack().end(), token) != state.stack().end();
}

}  // namespace

int Cost(const syntax::ArcHybrid& state, const Example& gold, Action action) {
  const int next = state.next();
  if (action == Action::kShift) {
    const int head = gold.heads[next];
    int cost = head < next && !state.stack().empty() && head != state.stack().back() && OnStack(state, head) ? 1 : 0;
    if (head == state.count() && !state.stack().empty()) ++cost;  // the root takes the bottom of the stack only
    for (const int child : gold.children[next]) cost += child < next && OnStack(state, child) ? 1 : 0;
    return cost;
  }
  const int top = state.stack().back();
  const int head = gold.heads[top];
  int cost = DependentsInBuffer(gold, top, next);
  if (head == state.count()) {
    cost += state.stack().size() == 1 && (action == Action::kRight || next < head) ? 1 : 0;
  } else if (head >= next) {
    cost += action == Action::kRight || head != next ? 1 : 0;
  } else if (action == Action::kLeft && state.stack().size() >= 2 && head == state.stack()[state.stack().size() - 2]) {
    ++cost;
  }
  return cost;
}

}  // namespace demarche::train
