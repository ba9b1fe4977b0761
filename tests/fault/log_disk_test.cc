#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/log/tool.h"
#include "tests/fault/log_records.h"
#include "tests/support/temporary_directory.h"

namespace demarche::log {
namespace {

using ::testing::HasSubstr;

// The appender as a process of its own, killed at the end of the object's life.
class Appender {
 public:
  explicit Appender(const std::string& directory) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return;
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      execl(DEMARCHE_LOG_APPENDER, DEMARCHE_LOG_APPENDER, directory.c_str(), "0", nullptr);
      _exit(127);
    }
    close(ends[1]);
    acknowledgements_ = ends[0];
  }
  ~Appender() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    close(acknowledgements_);
  }

  pid_t pid() const { return pid_; }
  uint64_t WaitForOne() const {
    uint64_t position = 0;
    return read(acknowledgements_, &position, sizeof position) == sizeof position ? position : 0;
  }

 private:
  pid_t pid_ = -1;
  int acknowledgements_ = -1;
};

TEST(LogDisk, ADirectoryInUseNamesTheProcess) {
  const support::TemporaryDirectory temporary;
  const std::string directory = temporary / "data";
  const Appender appender(directory);
  ASSERT_GT(appender.WaitForOne(), 0u);
  const absl::Status status = RocksDbLog::Open(FaultOptions(directory)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(),
            absl::StrCat("data directory ", directory, " is locked by another process (pid ", appender.pid(), ")"));
}

// Appends until an append fails. Returns the last position acknowledged.
uint64_t AppendUntilRefused(EventLog& log, absl::Status& refusal) {
  for (uint64_t batch = 0;; ++batch) {
    const LogInfo info = log.info();
    std::vector<stored::v1::Record> records = NextBatch(info.item_count, batch);
    refusal = log.Append(records);
    if (!refusal.ok()) return info.last_position;
  }
}

// Runs in a process of its own, forked before this one has threads: lets no file grow beyond the limit, as a disk that fails, and
// expects that the log stops.
[[noreturn]] void MeetADiskError(const std::string& directory) {
  signal(SIGXFSZ, SIG_IGN);
  RocksDbLog::Options options = FaultOptions(directory);
  options.store.write_buffer_bytes = 32 << 20;
  const auto log = RocksDbLog::Open(options);
  constexpr rlim_t kFileBytes = 200 << 10;
  const rlimit limit{kFileBytes, kFileBytes};
  if (!log.ok() || setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(1);
  absl::Status refusal;
  const uint64_t acknowledged = AppendUntilRefused(**log, refusal);
  std::vector<stored::v1::Record> records = NextBatch((*log)->info().item_count, 0);
  const absl::Status again = (*log)->Append(records);
  if (refusal.code() != absl::StatusCode::kDataLoss || again.code() != absl::StatusCode::kDataLoss) _exit(2);
  if (again.message().find("the log stopped after a failed write") == std::string::npos) _exit(3);
  if ((*log)->info().last_position != acknowledged || !Check(**log, acknowledged).empty()) _exit(4);
  if (write(STDOUT_FILENO, &acknowledged, sizeof acknowledged) != sizeof acknowledged) _exit(5);
  _exit(0);
}

TEST(LogDisk, AFailedWriteStopsTheLogAndLosesNothing) {
  const support::TemporaryDirectory temporary;
  const std::string directory = temporary / "data";
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    MeetADiskError(directory);
  }
  close(ends[1]);
  uint64_t acknowledged = 0;
  EXPECT_EQ(read(ends[0], &acknowledged, sizeof acknowledged), static_cast<ssize_t>(sizeof acknowledged));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  ASSERT_GT(acknowledged, 50u);

  std::ostringstream report;
  EXPECT_EQ(VerifyLog(directory, report), absl::OkStatus());
  const auto log = RocksDbLog::Open(FaultOptions(directory));
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ(Check(**log, acknowledged), "");
  std::vector<stored::v1::Record> records = NextBatch((*log)->info().item_count, 3);
  EXPECT_TRUE((*log)->Append(records).ok());
}

// A disk that fills up and is then made larger.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) { is_mounted_ = Mount(0); }
  ~SmallDisk() {
    if (is_mounted_) umount2(path_.c_str(), MNT_DETACH);
  }
  bool is_mounted() const { return is_mounted_; }
  bool Grow() { return Mount(MS_REMOUNT, "size=128m"); }

 private:
  bool Mount(unsigned long flags, const char* size = "size=12m") {
    return mount("tmpfs", path_.c_str(), "tmpfs", flags, size) == 0;
  }
  const std::string path_;
  bool is_mounted_ = false;
};

TEST(LogDisk, AFullDiskRefusesAndRecovers) {
  const support::TemporaryDirectory temporary;
  SmallDisk disk(temporary.path());
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting needs root";
  RocksDbLog::Options options = FaultOptions(temporary / "data");
  options.min_free_bytes = 6 << 20;
  const auto log = RocksDbLog::Open(options);
  ASSERT_TRUE(log.ok()) << log.status();
  absl::Status refusal;
  const uint64_t acknowledged = AppendUntilRefused(**log, refusal);
  EXPECT_EQ(refusal.code(), absl::StatusCode::kUnavailable) << refusal;
  EXPECT_THAT(std::string(refusal.message()), HasSubstr("storage full: "));
  EXPECT_EQ(Check(**log, acknowledged), "");

  ASSERT_TRUE(disk.Grow());
  std::vector<stored::v1::Record> records = NextBatch((*log)->info().item_count, 3);
  const absl::Status status = (*log)->Append(records);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Check(**log, records.back().last_position()), "");
}

// Without the watermark whoever meets the full disk first ends it: an append is refused, the log stops, or RocksDB aborts.
TEST(LogDisk, AFullDiskWithoutAWatermarkKeepsWhatWasAcknowledged) {
  const support::TemporaryDirectory temporary;
  SmallDisk disk(temporary.path());
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting needs root";
  const std::string directory = temporary / "data";
  uint64_t acknowledged = 0;
  {
    const Appender appender(directory);
    while (const uint64_t position = appender.WaitForOne()) acknowledged = position;
  }
  ASSERT_GT(acknowledged, 50u);

  ASSERT_TRUE(disk.Grow());
  std::ostringstream report;
  EXPECT_EQ(VerifyLog(directory, report), absl::OkStatus());
  const auto log = RocksDbLog::Open(FaultOptions(directory));
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ(Check(**log, acknowledged), "");
}

}  // namespace
}  // namespace demarche::log
