#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/contract/event_log_contract.h"
#include "tests/contract/log_engines.h"
#include "tests/support/records.h"

namespace demarche::log {
namespace {

using support::MakeEvent;
using support::MakeRecord;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// State beside the records.
class StateContract : public EventLogContract {
 protected:
  void Write(const std::vector<StateChange>& changes) {
    const absl::Status status = log_->WriteState(changes);
    ASSERT_TRUE(status.ok()) << status;
  }
  std::vector<std::string> Rows(std::string_view prefix, std::string_view after = "", size_t max_bytes = kAll) {
    const auto rows = log_->ReadState(prefix, after, max_bytes);
    EXPECT_TRUE(rows.ok()) << rows.status();
    std::vector<std::string> texts;
    for (const StateRow& row : *rows) texts.push_back(row.key + "=" + row.value);
    return texts;
  }
};
class DurableStateContract : public StateContract {};

TEST_P(StateContract, GivesRowsByPrefixInOrder) {
  Write({{"b/2", "two"}, {"a/1", "other"}, {"b/1", "one"}, {"c", "last"}});
  EXPECT_THAT(Rows("b/"), ElementsAre("b/1=one", "b/2=two"));
  EXPECT_THAT(Rows("d"), IsEmpty());
}

TEST_P(StateContract, ReplacesAndRemoves) {
  Write({{"a", "1"}, {"b", "2"}});
  Write({{"a", "3"}, {"b", std::nullopt}, {"unknown", std::nullopt}});
  EXPECT_THAT(Rows(""), ElementsAre("a=3"));
}

TEST_P(StateContract, PagesGoOnAfterAKey) {
  Write({{"a1", "x"}, {"a2", "y"}, {"a3", "z"}});
  EXPECT_THAT(Rows("a", "", 1), ElementsAre("a1=x")) << "at least one";
  EXPECT_THAT(Rows("a", "a1"), ElementsAre("a2=y", "a3=z"));
  EXPECT_THAT(Rows("a", "a3"), IsEmpty());
}

TEST_P(StateContract, IsNoPartOfTheStream) {
  Write({{"a", "x"}});
  EXPECT_EQ(log_->info().last_position, 0u);
  Append({MakeRecord("i", {MakeEvent("e", 1)})});
  EXPECT_THAT(Positions(0), ElementsAre(1));
}

TEST_P(StateContract, TrimKeepsWhatIsNeeded) {
  for (int i = 1; i <= 4; ++i) Append({MakeRecord("i" + std::to_string(i), {MakeEvent("e" + std::to_string(i), 1)})});
  Retention retention;
  retention.records_before_us = now_us_ + 1;
  retention.keep_after = 2;
  while (log_->info().first_position < 2) ASSERT_TRUE(log_->Trim(retention).ok());
  const auto dropped = log_->Trim(retention);
  ASSERT_TRUE(dropped.ok());
  EXPECT_THAT(Positions(2), ElementsAre(3, 4));
  EXPECT_EQ(log_->info().first_position, 2u);
}

TEST_P(DurableStateContract, IsThereAfterOpeningAgain) {
  Append({MakeRecord("i", {MakeEvent("e", 1)})});
  Write({{"a", "x"}});
  Reopen();
  EXPECT_THAT(Rows(""), ElementsAre("a=x"));
  EXPECT_THAT(Positions(0), ElementsAre(1));
}

INSTANTIATE_TEST_SUITE_P(Engines, StateContract, testing::ValuesIn(Engines()),
                         [](const auto& param) { return std::string(param.param.name); });
INSTANTIATE_TEST_SUITE_P(Engines, DurableStateContract, testing::ValuesIn(DurableEngines()),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace demarche::log
