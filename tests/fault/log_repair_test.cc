// A damaged log is repaired: what can be read is kept, what cannot is a gap that readers see, and nothing else is.

#include <filesystem>
#include <functional>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/log/repair.h"
#include "server/log/tool.h"
#include "tests/fault/damage.h"
#include "tests/fault/log_records.h"
#include "tests/support/temporary_directory.h"

namespace demarche::log {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kBatches = 400;

class LogRepair : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = temporary_ / "data";
    RocksDbLog::Options options = FaultOptions(directory_);
    options.sync_interval = std::chrono::hours(1);  // synced when it is closed
    const auto log = RocksDbLog::Open(options);
    ASSERT_TRUE(log.ok()) << log.status();
    for (int batch = 0; batch < kBatches; ++batch) {
      std::vector<stored::v1::Record> records = NextBatch((*log)->info().item_count, batch);
      stored::v1::StateChange& row = *records[0].add_state();
      row.set_key("batch");
      row.set_value(absl::StrCat(batch));
      ASSERT_TRUE((*log)->Append(records).ok());
    }
    before_ = (*log)->info();
  }

  // Repairs and looks at the outcome: it verifies, no position moved, appends go on behind all that was given out, a second repair
  // changes nothing.
  void Repair() {
    std::ostringstream unused;
    ASSERT_EQ(VerifyLog(directory_, unused).code(), absl::StatusCode::kDataLoss) << "there is nothing to repair";
    std::ostringstream out;
    ASSERT_EQ(RepairLog(directory_, out), absl::OkStatus()) << out.str();
    report_ = out.str();
    std::ostringstream verified;
    ASSERT_EQ(VerifyLog(directory_, verified), absl::OkStatus()) << report_;
    {
      const auto log = RocksDbLog::Open(FaultOptions(directory_));
      ASSERT_TRUE(log.ok()) << log.status();
      after_ = (*log)->info();
      stage_row_ = (*log)->FindState("batch").value_or("");
      EXPECT_EQ(CheckRepaired(**log, &items_), "");
      std::vector<stored::v1::Record> records = NextBatch(1'000'000, 0);
      ASSERT_TRUE((*log)->Append(records).ok());
      EXPECT_GT(records[0].last_position(), before_.last_position) << "positions that were given out are not used again";
    }
    std::ostringstream again;
    EXPECT_EQ(RepairLog(directory_, again), absl::OkStatus());
    EXPECT_THAT(again.str(), HasSubstr("the log is whole"));
  }

  support::TemporaryDirectory temporary_;
  std::string directory_;
  LogInfo before_;
  LogInfo after_;
  uint64_t items_ = 0;
  std::string stage_row_;  // empty when there is none
  std::string report_;
};

TEST_F(LogRepair, AWholeLogIsLeftAlone) {
  std::ostringstream out;
  EXPECT_EQ(RepairLog(directory_, out), absl::OkStatus());
  EXPECT_THAT(out.str(), HasSubstr("nothing was changed"));
  EXPECT_FALSE(fs::exists(directory_ + "/damaged-1"));
}

TEST_F(LogRepair, ALostTailIsAGapUpToTheMark) {
  const fs::path wal = Files(directory_, ".log").back();
  fs::resize_file(wal, UsedSize(wal) / 2);
  Repair();
  EXPECT_EQ(after_.last_position, before_.last_position);
  EXPECT_EQ(after_.epoch, before_.epoch) << "positions stay valid";
  EXPECT_LT(items_, before_.item_count);
  EXPECT_GT(items_, before_.item_count / 2);
  EXPECT_THAT(report_, AllOf(HasSubstr(absl::StrCat(" to ", before_.last_position, "; readers are told")), HasSubstr("as before")));
  EXPECT_TRUE(fs::exists(directory_ + "/damaged-1/CURRENT")) << "the damaged store is kept";
  EXPECT_EQ(stage_row_, "") << "the stages that remember begin anew";
}

TEST_F(LogRepair, ADeletedWriteAheadLog) {
  fs::remove(Files(directory_, ".log").back());
  Repair();
  EXPECT_LT(items_, before_.item_count);
  EXPECT_GT(items_, before_.item_count / 2);
}

TEST_F(LogRepair, AFlippedBitInTheWriteAheadLogLosesWhatItHit) {
  const fs::path wal = Files(directory_, ".log").back();
  FlipByte(wal, UsedSize(wal) / 2);
  Repair();
  EXPECT_LT(items_, before_.item_count);
  EXPECT_EQ(after_.last_position, before_.last_position);
}

TEST_F(LogRepair, DamagedTableFilesLoseWhatTheyHeld) {
  int damaged = 0;
  for (const fs::path& table : Files(directory_, ".sst")) {
    if (++damaged % 3 == 0) FlipByte(table, fs::file_size(table) / 10);
  }
  Repair();
  EXPECT_GT(items_, before_.item_count / 2);
}

TEST_F(LogRepair, DeletedTableFiles) {
  const std::vector<fs::path> tables = Files(directory_, ".sst");
  for (size_t i = 0; i < tables.size(); i += 3) fs::remove(tables[i]);
  Repair();
}

TEST_F(LogRepair, ALostListOfFilesLosesNothing) {
  fs::remove(Manifest(directory_));
  Repair();
  EXPECT_EQ(items_, before_.item_count);
  EXPECT_THAT(report_, Not(HasSubstr("lost:")));
}

TEST_F(LogRepair, ALostMarkBeginsANewEpoch) {
  fs::remove(directory_ + "/MARK");
  Repair();
  EXPECT_EQ(items_, before_.item_count);
  EXPECT_NE(after_.epoch, before_.epoch) << "how far positions were given out is not known";
  EXPECT_EQ(stage_row_, absl::StrCat(kBatches - 1));
}

TEST_F(LogRepair, ALostStoreIsOneGap) {
  fs::remove_all(directory_ + "/db");
  Repair();
  EXPECT_EQ(items_, 0u);
  EXPECT_EQ(after_.last_position, before_.last_position);
}

// The control: what is lost without a gap marker is told.
TEST_F(LogRepair, TheCheckSeesWhatIsMissing) {
  const auto log = RocksDbLog::Open(FaultOptions(directory_));
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ(CheckRepaired(**log, &items_), "");
  EXPECT_EQ(items_, before_.item_count);
  std::vector<stored::v1::Record> records = NextBatch(before_.item_count + 2, 0);
  ASSERT_TRUE((*log)->Append(records).ok());
  EXPECT_NE(CheckRepaired(**log, &items_), "");
}

}  // namespace
}  // namespace demarche::log
