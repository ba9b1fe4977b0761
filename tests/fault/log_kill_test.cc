#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/log/tool.h"
#include "tests/fault/log_records.h"

namespace demarche::log {
namespace {

constexpr int kRounds = 20;
constexpr int kLongRounds = 200;
constexpr int kMaxAcknowledgements = 20;

int Rounds() {
  if (const char* rounds = std::getenv("DEMARCHE_KILL_ROUNDS"); rounds != nullptr) return std::atoi(rounds);
  return std::getenv("DEMARCHE_LONG_TESTS") == nullptr ? kRounds : kLongRounds;
}

// DEMARCHE_KILL_SEED repeats a run.
unsigned Seed() {
  const char* seed = std::getenv("DEMARCHE_KILL_SEED");
  return seed == nullptr ? std::random_device()() : static_cast<unsigned>(std::atoll(seed));
}

// Lets a process append, kills it after so many acknowledgements, and returns the last one that it sent out.
uint64_t AppendUntilKilled(const std::string& directory, const char* interval_ms, int acknowledgements) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return 0;
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl(DEMARCHE_LOG_APPENDER, DEMARCHE_LOG_APPENDER, directory.c_str(), interval_ms, nullptr);
    _exit(127);
  }
  close(ends[1]);
  uint64_t last = 0;
  uint64_t position = 0;
  for (int i = 0; read(ends[0], &position, sizeof position) == sizeof position; ++i) {
    last = position;
    if (i == acknowledgements) kill(child, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the appender ended by itself: " << status;
  return last;
}

class LogKill : public testing::TestWithParam<const char*> {};

TEST_P(LogKill, LosesNothingAcknowledged) {
  const std::string directory = absl::StrCat(testing::TempDir(), "/log_kill_", GetParam(), "_", getpid());
  std::filesystem::remove_all(directory);
  const unsigned seed = Seed();
  SCOPED_TRACE(absl::StrCat("DEMARCHE_KILL_SEED=", seed));
  std::mt19937 random(seed);
  uint64_t acknowledged = 0;
  for (int round = 0; round < Rounds(); ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    const uint64_t last = AppendUntilKilled(directory, GetParam(), static_cast<int>(random() % kMaxAcknowledgements));
    ASSERT_GT(last, acknowledged);
    acknowledged = last;
    std::ostringstream report;
    ASSERT_EQ(VerifyLog(directory, report), absl::OkStatus()) << report.str();
    // Reading does not mend: the next round starts from what the kill left.
    RocksDbLog::Options options = FaultOptions(directory);
    options.read_only = round % 2 == 0;
    const auto log = RocksDbLog::Open(options);
    ASSERT_TRUE(log.ok()) << log.status();
    ASSERT_EQ(Check(**log, acknowledged), "");
  }
  RecordProperty("acknowledged", absl::StrCat(acknowledged));
  std::filesystem::remove_all(directory);
}

INSTANTIATE_TEST_SUITE_P(SyncIntervalMs, LogKill, testing::Values("0", "5"),
                         [](const auto& param) { return absl::StrCat("Ms", param.param); });

// The control: a log that does not hold what was acknowledged is told.
TEST(LogKillControl, ACheckAgainstALaterAcknowledgementFails) {
  const std::string directory = absl::StrCat(testing::TempDir(), "/log_kill_control_", getpid());
  std::filesystem::remove_all(directory);
  {
    const auto log = RocksDbLog::Open(FaultOptions(directory));
    ASSERT_TRUE(log.ok()) << log.status();
    std::vector<stored::v1::Record> records = NextBatch(0, 3);
    ASSERT_TRUE((*log)->Append(records).ok());
    const uint64_t last = records.back().last_position();
    EXPECT_EQ(Check(**log, last), "");
    EXPECT_NE(Check(**log, last + 1), "");
    // Items that are not the ones expected next.
    std::vector<stored::v1::Record> others = NextBatch(100, 0);
    ASSERT_TRUE((*log)->Append(others).ok());
    EXPECT_NE(Check(**log, last), "");
  }
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace demarche::log
