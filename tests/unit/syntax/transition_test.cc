#include "pipeline/syntax/transition.h"

#include "gtest/gtest.h"

namespace demarche::syntax {
namespace {

TEST(ArcHybrid, BuildsATreeByItsActions) {
  // 'She said so': said is the root.
  ArcHybrid state;
  state.Reset(3, 5);
  state.Apply(Action::kShift, 0);
  state.Apply(Action::kLeft, 1);   // she <- said
  state.Apply(Action::kShift, 0);  // said
  state.Apply(Action::kShift, 0);  // so
  EXPECT_FALSE(state.Can(Action::kShift));
  EXPECT_FALSE(state.Can(Action::kLeft)) << "the root takes one token only";
  state.Apply(Action::kRight, 2);  // said -> so
  EXPECT_FALSE(state.done());
  state.Apply(Action::kLeft, 3);
  EXPECT_TRUE(state.done());
  EXPECT_EQ(state.head(0), 1);
  EXPECT_EQ(state.head(1), 3);
  EXPECT_EQ(state.head(2), 1);
  EXPECT_EQ(state.label(2), 2);
}

TEST(ArcHybrid, AnEmptySentenceIsDone) {
  ArcHybrid state;
  state.Reset(0, 5);
  EXPECT_TRUE(state.done());
}

TEST(ArcHybrid, FeatureRowsStayInTheTable) {
  constexpr int kLabels = 7;
  ArcHybrid state;
  state.Reset(40, kLabels);
  for (unsigned step = 1; !state.done(); ++step) {
    const StateFeatures features = state.Features();
    for (const int row : features.rows) {
      ASSERT_GE(row, 0);
      ASSERT_LT(row, TableRows(kLabels));
    }
    for (const int token : features.positions) {
      ASSERT_GE(token, -1);
      ASSERT_LE(token, 40);
    }
    auto action = static_cast<Action>(step * 2654435761u >> 16 & 1 ? step % 3 : 0);
    while (!state.Can(action)) action = static_cast<Action>((static_cast<int>(action) + 1) % kActions);
    state.Apply(action, static_cast<int>(step) % kLabels);
  }
}

}  // namespace
}  // namespace demarche::syntax
