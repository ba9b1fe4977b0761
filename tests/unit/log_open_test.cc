#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/document/hash.h"
#include "server/log/rocksdb_log.h"
#include "server/log/tables.h"
#include "tests/support/records.h"
#include "tests/support/temporary_directory.h"

namespace demarche::log {
namespace {

using ::demarche::support::MakeEvent;
using ::demarche::support::MakeRecord;
using ::testing::AllOf;
using ::testing::HasSubstr;

class LogOpen : public testing::Test {
 protected:
  LogOpen() {
    options_.directory = temporary_ / "data";
    options_.min_free_bytes = 0;
  }

  absl::Status OpenStatus() { return RocksDbLog::Open(options_).status(); }
  void ExpectRefused(absl::StatusCode code, const testing::Matcher<const std::string&>& message) {
    const absl::Status status = OpenStatus();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_THAT(std::string(status.message()), message);
  }
  absl::Status AppendOne(EventLog& log) {
    std::vector<stored::v1::Record> records = {MakeRecord("a", {MakeEvent("e", 1)})};
    return log.Append(records);
  }

  support::TemporaryDirectory temporary_;
  RocksDbLog::Options options_;
};

TEST_F(LogOpen, MakesThePathForItsOwnerAlone) {
  options_.directory = temporary_ / "some/where/data";
  ASSERT_TRUE(OpenStatus().ok());
  struct stat data;
  ASSERT_EQ(stat(options_.directory.c_str(), &data), 0);
  EXPECT_EQ(data.st_mode & 0777, 0700u);
}

TEST_F(LogOpen, TakesADirectoryThatIsThereWithOtherFilesInIt) {
  std::filesystem::create_directory(options_.directory);
  std::ofstream(options_.directory + "/tokens") << "x";
  EXPECT_TRUE(OpenStatus().ok());
}

TEST_F(LogOpen, RefusesWhatIsNoDirectory) {
  std::ofstream(temporary_ / "data") << "x";
  ExpectRefused(absl::StatusCode::kFailedPrecondition, AllOf(HasSubstr(options_.directory), HasSubstr("Not a directory")));
  options_.directory = temporary_ / "data/below";
  ExpectRefused(absl::StatusCode::kFailedPrecondition, AllOf(HasSubstr(options_.directory), HasSubstr("Not a directory")));
}

TEST_F(LogOpen, RefusesWhereItCannotWrite) {
  options_.directory = "/proc/demarche";
  ExpectRefused(absl::StatusCode::kFailedPrecondition, HasSubstr("cannot create data directory /proc/demarche: "));
  options_.directory = "/proc";
  ExpectRefused(absl::StatusCode::kFailedPrecondition, HasSubstr("data directory is not writable: cannot open /proc/LOCK: "));
}

TEST_F(LogOpen, RefusesAnEmptyPath) {
  options_.directory = "";
  ExpectRefused(absl::StatusCode::kInvalidArgument, HasSubstr("the path is empty"));
}

TEST_F(LogOpen, RefusesASecondHolderAndTakesTheNextOne) {
  {
    const auto first = RocksDbLog::Open(options_);
    ASSERT_TRUE(first.ok()) << first.status();
    const std::string message =
        absl::StrCat("data directory ", options_.directory, " is locked by another process (pid ", getpid(), ")");
    ExpectRefused(absl::StatusCode::kFailedPrecondition, message);
    options_.read_only = true;
    ExpectRefused(absl::StatusCode::kFailedPrecondition, message);
    options_.read_only = false;
  }
  EXPECT_TRUE(OpenStatus().ok());
}

TEST_F(LogOpen, RefusesAFormatThatItDoesNotKnow) {
  ASSERT_TRUE(OpenStatus().ok());
  {
    const auto store = Store::Open(options_.directory + "/db", Store::Mode::kWrite, {});
    ASSERT_TRUE(store.ok()) << store.status();
    stored::v1::LogMeta meta = ReadMeta(**store).value();
    meta.set_format_version(7);
    rocksdb::WriteBatch batch;
    (*store)->Put(batch, Table::kMeta, kMetaKey, meta.SerializeAsString());
    ASSERT_TRUE((*store)->Write(batch, true).ok());
  }
  ExpectRefused(absl::StatusCode::kFailedPrecondition, HasSubstr("format version 7 is not known; this program reads version 3"));
}

// A mark of the first version, as it was written: magic, length, epoch and seal, SHA-256.
TEST_F(LogOpen, RefusesAMarkOfAnotherVersion) {
  ASSERT_TRUE(OpenStatus().ok());
  std::string slot = "demarche mark 1\n";
  slot.resize(480);
  slot += Sha256({slot});
  std::ofstream(options_.directory + "/MARK", std::ios::binary) << slot << std::string(4096 - slot.size(), '\0') << slot;
  ExpectRefused(absl::StatusCode::kFailedPrecondition,
                HasSubstr("MARK: format version 1 is not known; this program reads version 2"));
}

TEST_F(LogOpen, FinishesACreationThatWasCutShort) {
  ASSERT_TRUE(OpenStatus().ok());
  std::filesystem::remove_all(options_.directory + "/db");
  EXPECT_EQ(OpenStatus(), absl::OkStatus()) << "after the mark, before the store";

  std::filesystem::remove_all(options_.directory + "/db");
  std::filesystem::create_directory(options_.directory + "/db");
  std::ofstream(options_.directory + "/db/MANIFEST-000001") << "half";
  EXPECT_EQ(OpenStatus(), absl::OkStatus()) << "before the store is in force";

  {
    const auto store = Store::Open(options_.directory + "/db", Store::Mode::kWrite, {});
    ASSERT_TRUE(store.ok()) << store.status();
    rocksdb::WriteBatch batch;
    batch.Delete((*store)->handle(Table::kMeta), std::string(kMetaKey));
    ASSERT_TRUE((*store)->Write(batch, true).ok());
  }
  const auto log = RocksDbLog::Open(options_);
  ASSERT_TRUE(log.ok()) << "before the row 'meta': " << log.status();
  EXPECT_TRUE(AppendOne(**log).ok());
}

TEST_F(LogOpen, RefusesToAppendBelowTheFreeSpaceWatermark) {
  options_.min_free_bytes = std::numeric_limits<uint64_t>::max() / 2;
  {
    const auto log = RocksDbLog::Open(options_);
    ASSERT_TRUE(log.ok()) << log.status();
    const absl::Status status = AppendOne(**log);
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(status.message()),
                testing::MatchesRegex("storage full: [0-9]+ MiB free in .*/data, 8796093022209 MiB needed"));
    EXPECT_EQ((*log)->info().last_position, 0u);
    EXPECT_EQ((*log)->FindEvent("e").status().code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(AppendOne(**log).code(), absl::StatusCode::kUnavailable) << "it is refused, not broken";
  }
  options_.min_free_bytes = 0;
  const auto log = RocksDbLog::Open(options_);
  ASSERT_TRUE(log.ok()) << log.status();
  ASSERT_TRUE(AppendOne(**log).ok());
  EXPECT_EQ((*log)->info().last_position, 1u);
}

TEST_F(LogOpen, ForReadingChangesNothing) {
  options_.read_only = true;
  ExpectRefused(absl::StatusCode::kNotFound, HasSubstr("does not exist"));
  EXPECT_FALSE(std::filesystem::exists(options_.directory));
  std::filesystem::create_directory(options_.directory);
  ExpectRefused(absl::StatusCode::kNotFound, HasSubstr("holds no log"));
  EXPECT_TRUE(std::filesystem::is_empty(options_.directory));

  options_.read_only = false;
  ASSERT_TRUE(AppendOne(**RocksDbLog::Open(options_)).ok());
  options_.read_only = true;
  const auto log = RocksDbLog::Open(options_);
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ((*log)->FindEvent("e")->position, 1u);
  EXPECT_EQ(AppendOne(**log).code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace demarche::log
