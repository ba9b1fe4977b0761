// What was erased is in no file of the log, and nothing brings it back.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/log/keys.h"
#include "server/log/repair.h"
#include "server/log/tables.h"
#include "server/log/tool.h"
#include "tests/fault/damage.h"
#include "tests/fault/log_records.h"
#include "tests/support/records.h"
#include "tests/support/temporary_directory.h"

namespace demarche::log {
namespace {

namespace fs = std::filesystem;
using ::demarche::support::MakeEvent;
using ::demarche::support::MakeRecord;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Nothing of them stands anywhere else, so that compression leaves them as they are.
constexpr char kText[] = "QZtextKJWVXH";
constexpr char kQuote[] = "PXquoteGBYZD";
constexpr char kStateRow[] = "VJstateMFKQC";
constexpr char kStageRow[] = "WHstageTXBLN";

class LogScrub : public testing::Test {
 protected:
  LogScrub() { directory_ = temporary_ / "data"; }

  void Open(std::chrono::milliseconds sync_interval = std::chrono::milliseconds(0)) {
    log_.reset();
    RocksDbLog::Options options = FaultOptions(directory_);
    options.sync_interval = sync_interval;
    auto log = RocksDbLog::Open(options);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }

  // Which of the words stand in files, and where.
  std::vector<std::string> Found() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(directory_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(file), {}};
      for (const char* word : {kText, kQuote, kStateRow, kStageRow}) {
        if (content.find(word) != std::string::npos) found.push_back(std::string(word) + " in " + entry.path().filename().string());
      }
    }
    return found;
  }

  void AppendOthers(int batches) {
    for (int i = 0; i < batches; ++i) {
      std::vector<stored::v1::Record> records = NextBatch(log_->info().item_count, static_cast<uint64_t>(i));
      ASSERT_TRUE(log_->Append(records).ok());
    }
  }

  // An item with its text and its quotation, rows of the stages and of the state, among many others.
  void AppendItem() {
    std::vector<stored::v1::Record> records = {MakeRecord("a", {MakeEvent("e", 1, kQuote)}, kText)};
    stored::v1::StateChange& row = *records[0].add_state();
    row.set_key("row");
    row.set_value(kStageRow);
    ASSERT_TRUE(log_->Append(records).ok());
    position_ = records[0].last_position();
    ASSERT_TRUE(log_->WriteState(std::vector<StateChange>{{"dead/x", kStateRow}}).ok());
  }

  void Erase() {
    stored::v1::Record record = MakeRecord("a", {}, "");
    stored::v1::StateChange& row = *record.add_state();
    row.set_key("row");
    row.set_value("-");
    const Erasure erasure{.revisions = {MakeEvent("e", 1, "-")}, .texts = {position_}, .state = {{"dead/x", std::nullopt}}};
    ASSERT_EQ(log_->Erase(record, erasure), absl::OkStatus());
  }

  absl::Status Scrub() {
    stored::v1::ErasedPlaces places;
    places.add_records(position_);
    places.add_event_ids("e");
    places.add_stage_prefixes("row");
    places.add_state_prefixes("dead/");
    return log_->Scrub(places);
  }

  // What `demarched log verify` says; closes the log.
  std::string Verify() {
    log_.reset();
    std::ostringstream out;
    const absl::Status status = VerifyLog(directory_, out);
    return status.ok() ? out.str() : std::string(status.message());
  }

  support::TemporaryDirectory temporary_;
  std::string directory_;
  std::unique_ptr<RocksDbLog> log_;
  uint64_t position_ = 0;
};

TEST_F(LogScrub, LeavesNothingInTableFiles) {
  Open();
  AppendOthers(200);
  AppendItem();
  AppendOthers(200);
  EXPECT_THAT(Found(), ::testing::SizeIs(::testing::Ge(4))) << "the control";
  Erase();
  AppendOthers(20);
  EXPECT_THAT(Found(), ::testing::SizeIs(::testing::Ge(1))) << "erased, and in the files all the same";
  ASSERT_EQ(Scrub(), absl::OkStatus());
  EXPECT_THAT(Found(), IsEmpty());
  EXPECT_THAT(Verify(), HasSubstr("quotations in 1 records"));
}

TEST_F(LogScrub, LeavesNothingInTheWriteAheadLog) {
  Open();
  AppendItem();
  Erase();
  EXPECT_THAT(Found(), ::testing::SizeIs(4)) << "the control";
  ASSERT_EQ(Scrub(), absl::OkStatus());
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(LogScrub, LeavesNothingOfARecordThatWasDropped) {
  Open();
  AppendOthers(20);
  AppendItem();
  AppendOthers(20);
  Erase();
  ASSERT_TRUE(log_->Trim({.max_bytes = 1}).ok());
  ASSERT_GT(log_->info().first_position, position_);
  EXPECT_FALSE(Found().empty()) << "the control";
  ASSERT_EQ(Scrub(), absl::OkStatus());
  EXPECT_THAT(Found(), IsEmpty());
}

// The second version of a row, and that of before, may have come into one file of the last level.
TEST_F(LogScrub, LeavesNothingThatAReaderKeptInTheLastLevel) {
  Open();
  AppendItem();
  ASSERT_EQ(Scrub(), absl::OkStatus());  // to the last level
  Erase();
  log_.reset();
  {
    const auto store = Store::Open(directory_ + "/db", Store::Mode::kWrite, {});
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->Flush().ok());
  }
  Open();
  ASSERT_EQ(Scrub(), absl::OkStatus());
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(LogScrub, AtIntervalsToo) {
  Open(std::chrono::milliseconds(5));
  AppendItem();
  Erase();
  ASSERT_EQ(Scrub(), absl::OkStatus());
  EXPECT_THAT(Found(), IsEmpty());
}

// Damage by hand, with the log closed.
class LogErasureCheck : public LogScrub {
 protected:
  void SetUp() override {
    Open();
    AppendOthers(3);
    AppendItem();
    log_.reset();
    written_ = Row();
    Open();
    Erase();
    log_.reset();
    erased_ = Row();
  }
  std::string Row() {
    const auto store = Store::Open(directory_ + "/db", Store::Mode::kRead, {});
    return *(*store)->Get(Table::kRecords, KeyOfNumber(position_), nullptr);
  }
  void PutRow(const std::string& row, uint64_t position) {
    const auto store = Store::Open(directory_ + "/db", Store::Mode::kWrite, {});
    rocksdb::WriteBatch batch;
    (*store)->Put(batch, Table::kRecords, KeyOfNumber(position), row);
    ASSERT_TRUE((*store)->Write(batch, true).ok());
  }

  std::string written_;
  std::string erased_;
};

TEST_F(LogErasureCheck, TheErasedLogIsWhole) { EXPECT_THAT(Verify(), HasSubstr("quotations in 1 records")); }

TEST_F(LogErasureCheck, AnErasedRowThatWasAlteredIsNoticed) {
  stored::v1::Record record;
  ASSERT_TRUE(record.ParseFromString(erased_));
  record.mutable_events(0)->set_frame("forged");
  PutRow(record.SerializeAsString(), position_);
  EXPECT_THAT(Verify(), HasSubstr("not as its erasure left it"));
  EXPECT_EQ(RocksDbLog::Open(FaultOptions(directory_)).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(LogErasureCheck, WhatWasErasedAndIsThereAgainIsNoticed) {
  PutRow(written_, position_);
  EXPECT_THAT(Verify(), HasSubstr("there as it was before its erasure"));
}

// Whoever marks a row as erased would else be free to write what he likes.
TEST_F(LogErasureCheck, ARowThatNoRecordSaysWasErasedIsNoticed) {
  const auto store = Store::Open(directory_ + "/db", Store::Mode::kRead, {});
  RecordCursor cursor(**store, nullptr);
  ASSERT_TRUE(cursor.Seek(0).ok());
  stored::v1::Record record;
  ASSERT_TRUE(record.ParseFromString(std::string(cursor.bytes())));
  record.set_written_sha256(DigestOf(cursor.bytes()));
  record.set_ingest_time_us(record.ingest_time_us() + 1);
  PutRow(record.SerializeAsString(), cursor.last_position());
  EXPECT_THAT(Verify(), HasSubstr("erased, but no record says so"));
}

// Old versions of rows lie in table files until they are scrubbed: a repair, which reads the files one by one, does not take them.
TEST_F(LogScrub, ARepairDoesNotBringBackWhatWasErased) {
  Open();
  AppendItem();
  log_.reset();
  {
    const auto store = Store::Open(directory_ + "/db", Store::Mode::kWrite, {});
    ASSERT_TRUE((*store)->Flush().ok());  // a file of its own
  }
  Open();
  Erase();
  log_.reset();
  fs::remove(directory_ + "/MARK");  // damage
  std::ostringstream out;
  ASSERT_EQ(RepairLog(directory_, out), absl::OkStatus()) << out.str();
  EXPECT_THAT(out.str(), ::testing::Not(HasSubstr("lost:")));
  Open();
  const auto found = log_->FindEvent("e");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->event.frame(), "-");
  const auto records = log_->Read(0, 1 << 20);
  ASSERT_EQ(records->size(), 2u);
  EXPECT_EQ((*records)[0]->events(0).frame(), "-");
  log_.reset();
  const auto store = Store::Open(directory_ + "/db", Store::Mode::kRead, {});
  EXPECT_TRUE(absl::IsNotFound((*store)->Get(Table::kTexts, KeyOfNumber(position_), nullptr).status()));
  EXPECT_THAT(Verify(), HasSubstr("quotations in 0 records")) << "the chain of a repaired log begins anew";
}

}  // namespace
}  // namespace demarche::log
