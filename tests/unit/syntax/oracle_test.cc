#include "pipeline/train/oracle.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace demarche::train {
namespace {

using syntax::Action;
using syntax::ArcHybrid;

constexpr std::array<Action, 3> kAll = {Action::kShift, Action::kLeft, Action::kRight};

Example Gold(const std::vector<int>& heads) {
  Example gold;
  gold.heads = heads;
  gold.children.resize(heads.size() + 1);
  for (size_t i = 0; i < heads.size(); ++i) gold.children[heads[i]].push_back(static_cast<int>(i));
  return gold;
}

// The most gold arcs that any run from here ends with.
int MostRight(const ArcHybrid& state, const Example& gold) {
  if (state.done()) {
    int right = 0;
    for (int i = 0; i < state.count(); ++i) right += state.head(i) == gold.heads[i] ? 1 : 0;
    return right;
  }
  int best = 0;
  for (const Action action : kAll) {
    if (!state.Can(action)) continue;
    ArcHybrid next = state;
    next.Apply(action, 0);
    best = std::max(best, MostRight(next, gold));
  }
  return best;
}

// In every state that can be reached, some action keeps all that can be kept, and the cheapest are such.
void CheckAll(const ArcHybrid& state, const Example& gold) {
  if (state.done()) return;
  const int most = MostRight(state, gold);
  int cheapest = 1000;
  for (const Action action : kAll) {
    if (state.Can(action)) cheapest = std::min(cheapest, Cost(state, gold, action));
  }
  for (const Action action : kAll) {
    if (!state.Can(action)) continue;
    ArcHybrid next = state;
    next.Apply(action, 0);
    if (Cost(state, gold, action) == cheapest) {
      EXPECT_EQ(MostRight(next, gold), most) << "action " << static_cast<int>(action) << " at " << state.next();
    }
    CheckAll(next, gold);
  }
}

TEST(Oracle, TheCheapestActionsKeepWhatCanBeKept) {
  for (const auto& heads :
       std::vector<std::vector<int>>{{1, 4, 1, 2}, {4, 0, 1, 2}, {1, 2, 3, 4}, {3, 0, 0, 4}, {1, 3, 1, 4}, {2, 2, 4, 2}}) {
    ArcHybrid state;
    state.Reset(4, 1);
    CheckAll(state, Gold(heads));
  }
}

}  // namespace
}  // namespace demarche::train
