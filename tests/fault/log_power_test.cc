// The power is cut at a random moment while a log is written: what was acknowledged is there when it is opened again.

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "server/log/mark_file.h"
#include "server/log/tool.h"
#include "tests/fault/log_records.h"
#include "tests/fault/power_cut_file_system.h"
#include "tests/support/temporary_directory.h"

namespace demarche::log {
namespace {

constexpr int kRounds = 12;
constexpr int kLongRounds = 50;
constexpr int kMaxBatches = 20;
constexpr int kMaxChanges = 40;     // a batch makes a handful, a table file some more
constexpr int kVerifiedRound = 10;  // each round checks what was acknowledged, each tenth all that is on the disk

int Rounds() { return std::getenv("DEMARCHE_LONG_TESTS") == nullptr ? kRounds : kLongRounds; }

// DEMARCHE_POWER_SEED repeats a run, as far as threads allow.
unsigned Seed() {
  const char* seed = std::getenv("DEMARCHE_POWER_SEED");
  return seed == nullptr ? std::random_device()() : static_cast<unsigned>(std::atoll(seed));
}

class LogPower : public testing::Test {
 protected:
  LogPower() : env_(rocksdb::NewCompositeEnv(file_system_)) {
    options_ = FaultOptions(temporary_ / "data");
    options_.store.env = env_.get();
    options_.store.write_buffer_bytes = 64 << 10;  // so that tables are written and files change all the time
  }

  // Appends until the power is cut: so many changes of files after so many batches were acknowledged. Returns the last position
  // acknowledged, or nothing when the log did not open.
  std::optional<uint64_t> AppendUntilCut(uint64_t batches, uint64_t changes) {
    const auto log = RocksDbLog::Open(options_);
    if (!log.ok()) {
      ADD_FAILURE() << log.status();
      return std::nullopt;
    }
    epoch_ = (*log)->info().epoch;
    uint64_t acknowledged = (*log)->info().last_position;
    for (uint64_t batch = 0;; ++batch) {
      if (batch == batches) file_system_->CutAfter(changes, [this] { Copy(mark_, mark_at_cut_); });
      std::vector<stored::v1::Record> records = NextBatch((*log)->info().item_count, batch);
      if (!(*log)->Append(records).ok() || file_system_->is_cut()) break;
      acknowledged = records.back().last_position();
    }
    return acknowledged;
  }

  // What the disk holds after the cut; the log is closed. Bytes that were dropped.
  uint64_t Restore() {
    Copy(mark_at_cut_, mark_);
    return file_system_->Restore();
  }

  static void Copy(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  }

  support::TemporaryDirectory temporary_;
  // The mark is written without the file system above.
  const std::filesystem::path mark_ = std::filesystem::path(temporary_ / "data") / kMarkName;
  const std::filesystem::path mark_at_cut_ = temporary_ / "mark_at_cut";
  const std::shared_ptr<PowerCutFileSystem> file_system_ = std::make_shared<PowerCutFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_;
  RocksDbLog::Options options_;
  std::string epoch_;
};

TEST_F(LogPower, LosesNothingAcknowledged) {
  const unsigned seed = Seed();
  SCOPED_TRACE(absl::StrCat("DEMARCHE_POWER_SEED=", seed));
  std::mt19937 random(seed);
  uint64_t dropped = 0;
  for (int round = 0; round < Rounds(); ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    const auto acknowledged = AppendUntilCut(random() % kMaxBatches, random() % kMaxChanges);
    ASSERT_TRUE(acknowledged.has_value());
    dropped += Restore();
    if (round % kVerifiedRound == 0) {
      std::ostringstream report;
      ASSERT_EQ(VerifyLog(options_.directory, report), absl::OkStatus()) << report.str();
    }
    RocksDbLog::Options reading = FaultOptions(options_.directory);
    reading.read_only = true;
    const auto log = RocksDbLog::Open(reading);
    ASSERT_TRUE(log.ok()) << log.status();
    ASSERT_EQ(Check(**log, *acknowledged), "");
    ASSERT_EQ((*log)->info().epoch, epoch_) << "nothing was lost, so positions stay valid";
  }
  EXPECT_GT(dropped, 0u) << "no cut came between a write and its sync: the test shows nothing";
}

// The control: what is not synced before it is acknowledged is lost. And no position of the lost part is taken for another's.
TEST_F(LogPower, WithoutSyncItLosesAndBeginsANewEpoch) {
  options_.sync_interval = std::chrono::hours(1);
  const auto acknowledged = AppendUntilCut(kMaxBatches, 0);
  ASSERT_TRUE(acknowledged.has_value());
  EXPECT_GT(Restore(), 0u);
  const std::string epoch = epoch_;
  const auto log = RocksDbLog::Open(options_);
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_NE(Check(**log, *acknowledged), "");
  EXPECT_LT((*log)->info().last_position, *acknowledged);
  EXPECT_NE((*log)->info().epoch, epoch);
}

}  // namespace
}  // namespace demarche::log
