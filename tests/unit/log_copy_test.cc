#include <filesystem>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/log/copy.h"
#include "server/log/memory_log.h"
#include "server/log/retainer.h"
#include "server/log/rocksdb_log.h"
#include "server/log/tool.h"
#include "tests/support/records.h"
#include "tests/support/temporary_directory.h"

namespace demarche::log {
namespace {

using ::demarche::support::MakeEvent;
using ::demarche::support::MakeRecord;
using ::testing::HasSubstr;

class LogCopy : public testing::Test {
 protected:
  LogCopy() {
    options_.directory = temporary_ / "data";
    options_.min_free_bytes = 0;
  }
  std::unique_ptr<RocksDbLog> Open() {
    auto log = RocksDbLog::Open(options_);
    EXPECT_TRUE(log.ok()) << log.status();
    return log.ok() ? *std::move(log) : nullptr;
  }
  static void Append(EventLog& log, const std::string& id) {
    std::vector<stored::v1::Record> records = {MakeRecord(id, {MakeEvent("e" + id, 1)})};
    ASSERT_EQ(log.Append(records), absl::OkStatus());
  }
  static std::string EpochOf(const EventLog& log) { return log.info().epoch; }

  support::TemporaryDirectory temporary_;
  RocksDbLog::Options options_;
  std::ostringstream out_;
};

TEST_F(LogCopy, ARestoredBackupIsTheSameLogOfAnotherEpoch) {
  LogInfo before;
  {
    const auto log = Open();
    for (const char* id : {"a", "b", "c", "d"}) Append(*log, id);
    ASSERT_TRUE(log->Trim({.records_before_us = std::numeric_limits<int64_t>::max()}).ok());
    before = log->info();
  }
  ASSERT_EQ(BackupLog(options_.directory, temporary_ / "backup", out_), absl::OkStatus());
  ASSERT_EQ(RestoreLog(temporary_ / "backup", temporary_ / "restored", out_), absl::OkStatus());
  EXPECT_THAT(out_.str(), HasSubstr("positions 3 to 4, 4 items, 4 events"));
  options_.directory = temporary_ / "restored";
  EXPECT_EQ(VerifyLog(options_.directory, out_), absl::OkStatus());
  const auto log = Open();
  EXPECT_NE(EpochOf(*log), before.epoch);
  EXPECT_EQ(log->info().first_position, 3u);
  EXPECT_EQ(log->info().last_position, 4u);
  EXPECT_EQ(log->FindEvent("ea")->position, 1u) << "what outlived its record is there too";
  EXPECT_EQ(log->FindNewsItem({"principal", "publisher", "d"}).value(), "text");
  Append(*log, "e");
  EXPECT_EQ(log->info().last_position, 5u);
}

TEST_F(LogCopy, ALogIsBackedUpWhileItIsWritten) {
  const auto log = Open();
  Append(*log, "first");
  const uint64_t acknowledged = log->info().last_position;
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i) Append(*log, absl::StrCat("i", i));
  });
  EXPECT_EQ(BackupLog(options_.directory, temporary_ / "backup", out_), absl::OkStatus());
  writer.join();
  ASSERT_EQ(RestoreLog(temporary_ / "backup", temporary_ / "restored", out_), absl::OkStatus());
  options_.directory = temporary_ / "restored";
  EXPECT_GE(Open()->info().last_position, acknowledged);
}

TEST_F(LogCopy, ABackupIsNotServed) {
  Append(*Open(), "a");
  ASSERT_EQ(BackupLog(options_.directory, temporary_ / "backup", out_), absl::OkStatus());
  options_.directory = temporary_ / "backup";
  const absl::Status status = RocksDbLog::Open(options_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is a backup: use `demarched log restore`"));
}

TEST_F(LogCopy, TargetsMustBeEmptyAndSourcesWhole) {
  EXPECT_EQ(BackupLog(temporary_ / "missing", temporary_ / "backup", out_).code(), absl::StatusCode::kNotFound);
  Append(*Open(), "a");
  EXPECT_EQ(BackupLog(options_.directory, options_.directory, out_).code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_EQ(BackupLog(options_.directory, temporary_ / "backup", out_), absl::OkStatus());
  EXPECT_EQ(RestoreLog(temporary_ / "backup", options_.directory, out_).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(RestoreLog(options_.directory, temporary_ / "other", out_).code(), absl::StatusCode::kNotFound);
  std::filesystem::remove(temporary_ / "backup/db/CURRENT");
  EXPECT_EQ(RestoreLog(temporary_ / "backup", temporary_ / "other", out_).code(), absl::StatusCode::kDataLoss);
  EXPECT_FALSE(std::filesystem::exists(temporary_ / "other"));
}

TEST_F(LogCopy, AtIntervalsOnlyAClosedLogKeepsItsEpoch) {
  options_.sync_interval = std::chrono::hours(1);
  std::string epoch;
  {
    const auto log = Open();
    epoch = EpochOf(*log);
    Append(*log, "a");
    std::filesystem::copy(options_.directory, temporary_ / "cut", std::filesystem::copy_options::recursive);
  }
  EXPECT_EQ(EpochOf(*Open()), epoch) << "everything was synced when it was closed";
  options_.directory = temporary_ / "cut";  // as a kill leaves it
  const std::string renewed = EpochOf(*Open());
  EXPECT_NE(renewed, epoch);
  EXPECT_EQ(EpochOf(*Open()), renewed);
}

TEST_F(LogCopy, SyncedAlwaysAKilledLogKeepsItsEpoch) {
  const auto log = Open();
  Append(*log, "a");
  std::filesystem::copy(options_.directory, temporary_ / "cut", std::filesystem::copy_options::recursive);
  options_.directory = temporary_ / "cut";
  EXPECT_EQ(EpochOf(*Open()), EpochOf(*log));
}

TEST_F(LogCopy, TheEpochIsRenewedWhenIntervalsAreGivenUp) {
  options_.sync_interval = std::chrono::hours(1);
  const auto log = Open();
  Append(*log, "a");
  std::filesystem::copy(options_.directory, temporary_ / "cut", std::filesystem::copy_options::recursive);
  options_.directory = temporary_ / "cut";
  options_.sync_interval = std::chrono::hours(0);
  const std::string renewed = EpochOf(*Open());
  EXPECT_NE(renewed, EpochOf(*log));
  EXPECT_EQ(EpochOf(*Open()), renewed);
}

TEST(RetentionAtTest, ZeroBoundsNothing) {
  const Retention none = RetentionAt({}, 5'000'000);
  EXPECT_EQ(none.records_before_us, 0);
  EXPECT_EQ(none.max_bytes, 0u);
  EXPECT_EQ(none.items_before_us, 0);
  const Retention some = RetentionAt({std::chrono::seconds(3), 7, std::chrono::seconds(1)}, 5'000'000);
  EXPECT_EQ(some.records_before_us, 2'000'000);
  EXPECT_EQ(some.max_bytes, 7u);
  EXPECT_EQ(some.items_before_us, 4'000'000);
}

// Fails the first trim.
class TroubledLog : public MemoryLog {
 public:
  absl::StatusOr<bool> Trim(const Retention& retention) override {
    if (++trims == 1) return absl::DataLossError("damaged");
    if (trims == 3) again.Notify();
    return MemoryLog::Trim(retention);
  }
  int trims = 0;
  absl::Notification again;
};

TEST(RetainerTest, TrimsAtIntervalsAndTriesAgainAfterAnError) {
  TroubledLog log;
  absl::Status error;
  Retainer::Options options;
  options.bounds.max_bytes = 1;
  options.interval = std::chrono::milliseconds(1);
  options.on_error = [&](const absl::Status& status) { error = status; };
  for (const char* id : {"a", "b"}) {
    std::vector<stored::v1::Record> records = {MakeRecord(id, {MakeEvent(id, 1)})};
    ASSERT_TRUE(log.Append(records).ok());
  }
  {
    const Retainer retainer(log, options);
    log.again.WaitForNotification();
  }
  EXPECT_EQ(error, absl::DataLossError("damaged"));
  EXPECT_EQ(log.info().first_position, 1u);
}

}  // namespace
}  // namespace demarche::log
