#include <filesystem>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/log/keys.h"
#include "server/log/rocksdb_log.h"
#include "server/log/tables.h"
#include "server/log/tool.h"
#include "tests/support/records.h"
#include "tests/support/temporary_directory.h"

namespace demarche::log {
namespace {

using ::demarche::support::MakeEvent;
using ::demarche::support::MakeRecord;
using ::testing::AllOf;
using ::testing::HasSubstr;

// More batches than are looked at when a log is opened.
constexpr int kBatches = 100;
constexpr uint64_t kOldPosition = 10;

// A log of 100 batches with one event each, and a way to change its tables behind its back.
class LogTool : public testing::Test {
 protected:
  LogTool() {
    options_.directory = temporary_ / "data";
    options_.min_free_bytes = 0;
    options_.sync_interval = std::chrono::hours(1);
    options_.clock = [] { return int64_t{1'700'000'000'000'000}; };
    const auto log = RocksDbLog::Open(options_);
    for (int i = 1; i <= kBatches; ++i) {
      std::vector<stored::v1::Record> records = {MakeRecord(absl::StrCat("i", i), {MakeEvent(absl::StrCat("e", i), 1)})};
      EXPECT_TRUE((*log)->Append(records).ok());
    }
  }

  void Tamper(Table table, const std::string& key, const std::string& value) {
    const auto store = Store::Open(options_.directory + "/db", Store::Mode::kWrite, {});
    ASSERT_TRUE(store.ok()) << store.status();
    rocksdb::WriteBatch batch;
    if (value.empty()) {
      batch.Delete((*store)->handle(table), key);
    } else {
      (*store)->Put(batch, table, key, value);
    }
    ASSERT_TRUE((*store)->Write(batch, true).ok());
  }
  absl::Status Verify() {
    std::ostringstream out;
    const absl::Status status = VerifyLog(options_.directory, out);
    report_ = out.str();
    return status;
  }
  void ExpectDamage(const char* message) {
    const absl::Status status = Verify();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr(options_.directory), HasSubstr(message)));
  }
  absl::Status ReadAll() {
    const auto log = RocksDbLog::Open(options_);
    return log.ok() ? (*log)->Read(0, std::numeric_limits<size_t>::max()).status() : log.status();
  }

  support::TemporaryDirectory temporary_;
  RocksDbLog::Options options_;
  std::string report_;
};

TEST_F(LogTool, VerifyTellsWhatItChecked) {
  EXPECT_EQ(Verify(), absl::OkStatus());
  EXPECT_THAT(report_, AllOf(HasSubstr("everything acknowledged is there, up to position 100"), HasSubstr("all checksums hold"),
                             HasSubstr("batch 100, position 100, 100 items, 100 events"), HasSubstr("every record is found")));
}

TEST_F(LogTool, InspectTellsWhatTheLogHolds) {
  std::ostringstream out;
  EXPECT_EQ(InspectLog(options_.directory, out), absl::OkStatus());
  EXPECT_THAT(out.str(), AllOf(HasSubstr("epoch"), HasSubstr("begins      after position 0"), HasSubstr("batch 100, position 100"),
                               HasSubstr("last        positions 100 to 100, appended 2023-11-14T22:13:20.000000Z")));
}

TEST_F(LogTool, InspectTellsWhatIsLeftOfADamagedLog) {
  std::filesystem::remove(options_.directory + "/MARK");
  std::ostringstream out;
  EXPECT_EQ(InspectLog(options_.directory, out).code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("MARK: No such file"), HasSubstr("batch 100, position 100")));
}

TEST_F(LogTool, BothRefuseWhatIsNoLogAndOneInUse) {
  std::ostringstream out;
  EXPECT_EQ(VerifyLog(temporary_.path(), out).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(InspectLog(temporary_ / "missing", out).code(), absl::StatusCode::kNotFound);
  const auto log = RocksDbLog::Open(options_);
  EXPECT_EQ(VerifyLog(options_.directory, out).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(InspectLog(options_.directory, out).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(LogTool, AMissingRecordIsNamed) {
  Tamper(Table::kRecords, KeyOfNumber(kOldPosition), "");
  ExpectDamage("the record at position 10 is missing");
  EXPECT_EQ(ReadAll().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(ReadAll().message()), HasSubstr("the record at position 10 is missing"));
}

TEST_F(LogTool, ADamagedRecordIsNamed) {
  Tamper(Table::kRecords, KeyOfNumber(kOldPosition), "no record");
  ExpectDamage("the record at position 10 is damaged");
  EXPECT_THAT(std::string(ReadAll().message()), HasSubstr("the record at position 10 is damaged"));
}

TEST_F(LogTool, AChangedRecordIsNamed) {
  stored::v1::Record record = MakeRecord("i10", {MakeEvent("e10", 1, "other")}, "");
  record.set_last_position(kOldPosition);
  Tamper(Table::kRecords, KeyOfNumber(kOldPosition), record.SerializeAsString());
  ExpectDamage("the record at position 10 is not as written in batch 10");
}

TEST_F(LogTool, AnAddedRecordIsNamed) {
  stored::v1::Record record = MakeRecord("i101", {MakeEvent("e101", 1)}, "");
  record.set_last_position(kBatches + 1);
  Tamper(Table::kRecords, KeyOfNumber(kBatches + 1), record.SerializeAsString());
  ExpectDamage("the record at position 101 is in no batch");
}

TEST_F(LogTool, MissingKeysAreNamed) {
  Tamper(Table::kEvents, KeyOfRevision("e10", 1), "");
  ExpectDamage("the record at position 10 is not found by its event e10");
}

TEST_F(LogTool, AMissingItemIsNamed) {
  Tamper(Table::kItems, KeyOfItem({"principal", "publisher", "i10"}), "");
  ExpectDamage("the record at position 10 is not found by its item");
}

TEST_F(LogTool, AMissingSealIsNamed) {
  Tamper(Table::kSeals, KeyOfNumber(10), "");
  ExpectDamage("batch 10 is missing");
}

TEST_F(LogTool, ALogCutShortIsRefused) {
  Tamper(Table::kSeals, KeyOfNumber(kBatches), "");
  ExpectDamage("MARK says that batch 100 (position 100) was acknowledged: records are missing");
  EXPECT_EQ(ReadAll().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace demarche::log
