#include <optional>
#include <string>
#include <utility>
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

// A record that changes rows of the stages that remember; no value erases the row.
stored::v1::Record Changing(const std::string& item_id,
                            const std::vector<std::pair<std::string, std::optional<std::string>>>& changes) {
  stored::v1::Record record = MakeRecord(item_id, {MakeEvent("e-" + item_id, 1)});
  for (const auto& [key, value] : changes) {
    stored::v1::StateChange& change = *record.add_state();
    change.set_key(key);
    if (value) change.set_value(*value);
  }
  return record;
}

class StageRowsContract : public EventLogContract {
 protected:
  std::vector<std::string> Rows(std::string_view prefix) {
    std::vector<std::string> rows;
    const absl::Status status = log_->VisitState(prefix, [&](std::string_view key, std::string_view value) {
      rows.push_back(std::string(key).append("=").append(value));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return rows;
  }
};
class DurableStageRowsContract : public StageRowsContract {};

TEST_P(StageRowsContract, AreAsTheLatestRecordLeftThem) {
  Append({Changing("a", {{"k1", "x"}, {"k2", "y"}, {"n", "z"}}), Changing("b", {{"k1", "again"}, {"k2", std::nullopt}})});
  EXPECT_THAT(Rows("k"), ElementsAre("k1=again"));
  EXPECT_EQ(*log_->FindState("k1"), "again");
  EXPECT_TRUE(absl::IsNotFound(log_->FindState("k2").status()));
  EXPECT_THAT(Rows("m"), IsEmpty());
}

TEST_P(StageRowsContract, AnErrorOfTheVisitorEndsTheVisit) {
  Append({Changing("a", {{"k1", "x"}, {"k2", "y"}})});
  int visited = 0;
  const absl::Status status = log_->VisitState("k", [&](std::string_view, std::string_view) {
    ++visited;
    return absl::AbortedError("enough");
  });
  EXPECT_TRUE(absl::IsAborted(status));
  EXPECT_EQ(visited, 1);
}

TEST_P(StageRowsContract, AreNoPartOfWhatIsRead) {
  Append({Changing("a", {{"k", "x"}})});
  const auto records = log_->Read(0, kAll);
  ASSERT_TRUE(records.ok());
  EXPECT_THAT((*records)[0]->state(), IsEmpty());
}

TEST_P(StageRowsContract, ARefusedBatchChangesNone) {
  std::vector<stored::v1::Record> records = {Changing("a", {{"k", "x"}}), MakeRecord("b", {MakeEvent("", 1)})};
  EXPECT_FALSE(log_->Append(records).ok());
  EXPECT_THAT(Rows("k"), IsEmpty());
}

TEST_P(StageRowsContract, OutliveTheirRecord) {
  for (const char* item : {"a", "b", "c"}) Append({Changing(item, {{std::string("k") + item, "x"}})});
  Retention retention;
  retention.records_before_us = now_us_ + 1;
  while (log_->info().first_position == 0) ASSERT_TRUE(log_->Trim(retention).ok());  // what is synced at intervals may go later
  EXPECT_THAT(Rows("k"), ElementsAre("ka=x", "kb=x", "kc=x"));
}

TEST_P(DurableStageRowsContract, AreThereAfterOpeningAgain) {
  Append({Changing("a", {{"k1", "x"}, {"k2", "y"}})});
  Append({Changing("b", {{"k1", std::nullopt}})});
  Reopen();
  EXPECT_THAT(Rows("k"), ElementsAre("k2=y"));
}

INSTANTIATE_TEST_SUITE_P(Engines, StageRowsContract, testing::ValuesIn(Engines()),
                         [](const auto& param) { return std::string(param.param.name); });
INSTANTIATE_TEST_SUITE_P(Engines, DurableStageRowsContract, testing::ValuesIn(DurableEngines()),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace demarche::log
