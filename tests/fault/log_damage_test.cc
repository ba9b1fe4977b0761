#include <unistd.h>

#include <filesystem>
#include <functional>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/log/tool.h"
#include "tests/fault/damage.h"
#include "tests/fault/log_records.h"

namespace demarche::log {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string Temporary(const std::string& name) { return absl::StrCat(testing::TempDir(), "/", name, "_", getpid()); }

constexpr int kBatches = 400;
constexpr uintmax_t kSlotDistance = 4'096;

// What a log says after damage: nothing when it opens, verifies and holds everything.
absl::Status Examine(const std::string& directory, uint64_t acknowledged) {
  std::ostringstream report;
  if (absl::Status status = VerifyLog(directory, report); !status.ok()) return status;
  const auto log = RocksDbLog::Open(FaultOptions(directory));
  if (!log.ok()) return log.status();
  const std::string fault = Check(**log, acknowledged);
  return fault.empty() ? absl::OkStatus() : absl::UnknownError(fault);
}

// One log with table files and a write-ahead log, copied for each case.
class LogDamage : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    original_ = Temporary("log_damage_original");
    fs::remove_all(original_);
    const auto log = RocksDbLog::Open(FaultOptions(original_));
    ASSERT_TRUE(log.ok()) << log.status();
    for (int batch = 0; batch < kBatches; ++batch) {
      std::vector<stored::v1::Record> records = NextBatch((*log)->info().item_count, batch);
      ASSERT_TRUE((*log)->Append(records).ok());
    }
    acknowledged_ = (*log)->info().last_position;
  }
  static void TearDownTestSuite() { fs::remove_all(original_); }

  void SetUp() override {
    directory_ = Temporary("log_damage_case");
    Restore();
    ASSERT_FALSE(Files(directory_, ".sst").empty()) << "the log is too small to have table files";
    ASSERT_GT(fs::file_size(Files(directory_, ".log").back()), 100u);
  }
  void TearDown() override { fs::remove_all(directory_); }

  void Restore() {
    fs::remove_all(directory_);
    fs::copy(original_, directory_, fs::copy_options::recursive);
  }
  // Slots are written in turn, one a batch, beginning with the second.
  uintmax_t NewerSlot() const { return kBatches % 2 == 0 ? 0 : kSlotDistance; }

  // Damages a fresh copy and expects that it is noticed, and that the log is left as it was found.
  void ExpectNoticed(const std::string& what, const std::function<void()>& damage) {
    SCOPED_TRACE(what);
    Restore();
    damage();
    const absl::Status status = Examine(directory_, acknowledged_);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(directory_)) << "the message names the place";
    EXPECT_EQ(Examine(directory_, acknowledged_).code(), absl::StatusCode::kDataLoss) << "the second look sees it too";
  }

  static inline std::string original_;
  static inline uint64_t acknowledged_ = 0;
  std::string directory_;
};

// The control of all cases below.
TEST_F(LogDamage, AnUndamagedCopyOpens) { EXPECT_EQ(Examine(directory_, acknowledged_), absl::OkStatus()); }

TEST_F(LogDamage, InTheWriteAheadLogIsNoticed) {
  const fs::path wal = Files(directory_, ".log").back();
  const uintmax_t size = UsedSize(wal);
  for (int i = 0; i < 8; ++i) {
    ExpectNoticed(absl::StrCat("flip ", i), [&] { FlipByte(wal, size * (2 * i + 1) / 16); });
  }
  ExpectNoticed("flip in the last record", [&] { FlipByte(wal, size - 3); });
  for (uintmax_t end : {size - 1, size * 3 / 4, size / 2, uintmax_t{1}, uintmax_t{0}}) {
    ExpectNoticed(absl::StrCat("cut at ", end), [&] { fs::resize_file(wal, end); });
  }
  ExpectNoticed("zeros at the end", [&] { Zero(wal, size * 3 / 4, size / 4); });
  ExpectNoticed("zeros in the middle", [&] { Zero(wal, size / 2, 2'000); });
  ExpectNoticed("deleted", [&] { fs::remove(wal); });
}

TEST_F(LogDamage, InATableFileIsNoticed) {
  const std::vector<fs::path> tables = Files(directory_, ".sst");
  for (size_t i = 0; i < tables.size(); i += 1 + tables.size() / 8) {
    const fs::path& table = tables[i];
    const uintmax_t size = fs::file_size(table);
    const std::string name = table.filename().string();
    ExpectNoticed(absl::StrCat("flip early in ", name), [&] { FlipByte(table, size / 10); });
    ExpectNoticed(absl::StrCat("flip at the end of ", name), [&] { FlipByte(table, size - 10); });
    ExpectNoticed(absl::StrCat("zeros in ", name), [&] { Zero(table, size / 3, size / 3); });
    ExpectNoticed(absl::StrCat("cut ", name), [&] { fs::resize_file(table, size / 2); });
    ExpectNoticed(absl::StrCat("deleted ", name), [&] { fs::remove(table); });
  }
}

// Without `verify`: the log may open, but what is damaged is an error and never an answer.
TEST_F(LogDamage, InTableFilesIsNoticedByReading) {
  for (const fs::path& table : Files(directory_, ".sst")) FlipByte(table, fs::file_size(table) / 10);
  const auto log = RocksDbLog::Open(FaultOptions(directory_));
  if (log.ok()) {
    EXPECT_NE(Check(**log, acknowledged_), "");
  } else {
    EXPECT_EQ(log.status().code(), absl::StatusCode::kDataLoss) << log.status();
  }
}

TEST_F(LogDamage, InTheManifestIsNoticed) {
  const fs::path manifest = Manifest(directory_);
  const uintmax_t size = fs::file_size(manifest);
  ExpectNoticed("flip", [&] { FlipByte(manifest, size / 2); });
  ExpectNoticed("cut", [&] { fs::resize_file(manifest, size / 2); });
  ExpectNoticed("emptied", [&] { fs::resize_file(manifest, 0); });
  ExpectNoticed("zeros", [&] { Zero(manifest, size / 3, size / 3); });
  ExpectNoticed("deleted", [&] { fs::remove(manifest); });
  ExpectNoticed("CURRENT deleted", [&] { fs::remove(directory_ + "/db/CURRENT"); });
  ExpectNoticed("the store deleted", [&] { fs::remove_all(directory_ + "/db"); });
}

// What the end of the list of files says may be known without it: then nothing is lost.
TEST_F(LogDamage, AtTheEndOfTheManifestLosesNothing) {
  const fs::path manifest = Manifest(directory_);
  const uintmax_t size = fs::file_size(manifest);
  for (uintmax_t cut : {1, 10, 100}) {
    for (const bool is_zeroed : {false, true}) {
      SCOPED_TRACE(absl::StrCat("the last ", cut, is_zeroed ? " zeroed" : " cut off"));
      Restore();
      if (is_zeroed) {
        Zero(manifest, size - cut, cut);
      } else {
        fs::resize_file(manifest, size - cut);
      }
      const absl::Status status = Examine(directory_, acknowledged_);
      EXPECT_TRUE(status.ok() || status.code() == absl::StatusCode::kDataLoss) << status;
    }
  }
}

TEST_F(LogDamage, InTheMarkIsNoticed) {
  const fs::path mark = directory_ + "/MARK";
  ExpectNoticed("deleted", [&] { fs::remove(mark); });
  ExpectNoticed("emptied", [&] { fs::resize_file(mark, 0); });
  ExpectNoticed("zeros", [&] { Zero(mark, 0, fs::file_size(mark)); });
  // It may have held the mark of a later batch.
  ExpectNoticed("flip in the older slot", [&] { FlipByte(mark, kSlotDistance - NewerSlot() + 100); });
  ExpectNoticed("of another log", [&] {
    const std::string other = Temporary("log_damage_other");
    fs::remove_all(other);
    ASSERT_TRUE(RocksDbLog::Open(FaultOptions(other)).ok());
    fs::copy_file(other + "/MARK", mark, fs::copy_options::overwrite_existing);
    fs::remove_all(other);
  });
}

// A crash while the mark was written: the log has the batch, one slot is cut in two, the other is whole.
TEST_F(LogDamage, AHalfWrittenMarkIsMended) {
  FlipByte(directory_ + "/MARK", NewerSlot() + 100);
  EXPECT_EQ(Examine(directory_, acknowledged_), absl::OkStatus());
  {
    const auto log = RocksDbLog::Open(FaultOptions(directory_));
    ASSERT_TRUE(log.ok()) << log.status();
    std::vector<stored::v1::Record> records = NextBatch((*log)->info().item_count, 0);
    ASSERT_TRUE((*log)->Append(records).ok());
  }
  std::ostringstream report;
  EXPECT_EQ(VerifyLog(directory_, report), absl::OkStatus());
  EXPECT_THAT(report.str(), testing::Not(HasSubstr("cut short")));
}

TEST_F(LogDamage, AHalfWrittenMarkHidesNoLoss) {
  const fs::path wal = Files(directory_, ".log").back();
  ExpectNoticed("the last batch lost as well", [&] {
    FlipByte(directory_ + "/MARK", NewerSlot() + 100);
    fs::resize_file(wal, UsedSize(wal) - 3);
  });
}

}  // namespace
}  // namespace demarche::log
