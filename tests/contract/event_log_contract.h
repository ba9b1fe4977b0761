#ifndef DEMARCHE_TESTS_CONTRACT_EVENT_LOG_CONTRACT_H_
#define DEMARCHE_TESTS_CONTRACT_EVENT_LOG_CONTRACT_H_

#include <unistd.h>

#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/contract/log_engines.h"

namespace demarche::log {

inline constexpr size_t kAll = std::numeric_limits<size_t>::max();

// What every engine must do. Each case gets a log of its own in a directory of its own.
class EventLogContract : public testing::TestWithParam<Engine> {
 protected:
  EventLogContract() {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    std::string name = absl::StrCat("contract_", test.name(), "_", getpid());
    for (char& c : name) c = c == '/' ? '_' : c;
    setup_ = {absl::StrCat(testing::TempDir(), "/", name), [this] { return now_us_; }, 0};
    std::filesystem::remove_all(setup_.directory);
    Reopen();
  }
  ~EventLogContract() override {
    log_.reset();
    std::filesystem::remove_all(setup_.directory);
  }

  void Reopen() {
    log_.reset();
    log_ = GetParam().open(setup_);
  }
  // An empty log that begins after the position.
  void Begin(uint64_t first_position) {
    log_.reset();
    std::filesystem::remove_all(setup_.directory);
    setup_.first_position = first_position;
    Reopen();
  }
  void Append(std::vector<stored::v1::Record> records) {
    const absl::Status status = log_->Append(records);
    ASSERT_TRUE(status.ok()) << status;
  }
  std::vector<uint64_t> Positions(uint64_t after, size_t max_bytes = kAll) {
    const auto records = log_->Read(after, max_bytes);
    EXPECT_TRUE(records.ok()) << records.status();
    std::vector<uint64_t> positions;
    for (const RecordPtr& record : *records) positions.push_back(record->last_position());
    return positions;
  }
  uint64_t PositionBefore(int64_t time_us) {
    const auto position = log_->PositionBefore(time_us);
    EXPECT_TRUE(position.ok()) << position.status();
    return *position;
  }

  int64_t now_us_ = 1'000;
  LogSetup setup_;
  std::unique_ptr<EventLog> log_;
};

// What an engine that keeps its records on disk must do besides.
class DurableLogContract : public EventLogContract {};

}  // namespace demarche::log

#endif  // DEMARCHE_TESTS_CONTRACT_EVENT_LOG_CONTRACT_H_
