#include "server/subscription/cursor.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/limits/limits.h"
#include "server/log/memory_log.h"
#include "server/record/record.h"

namespace demarche::subscription {
namespace {

using ::testing::ElementsAre;
using Kind = Step::Kind;

FilterSet Of(const std::string& text) { return FilterSet({*query::Filter::Compile(text)}); }

// Counts how often it is told that there is more.
class CountingWaiter : public Waiter {
 public:
  void OnMore() override { ++count; }
  int count = 0;
};

// A log and its hub: what is appended is published when the test says so.
class Stream {
 public:
  explicit Stream(HubOptions options, uint64_t first_position = 0)
      : log_([this] { return ++time_us_; }, first_position), hub_(log_.info(), options) {}

  // Appends one record with so many events; their ids count up.
  void Append(int events, size_t frame_bytes = 10) {
    std::vector<stored::v1::Record> records(1);
    for (int i = 0; i < events; ++i) {
      stored::v1::StoredEvent& event = *records[0].add_events();
      event.set_event_id("e" + std::to_string(++events_));
      event.set_revision(1);
      v1::DiplomaticEvent content;
      content.set_event_id(event.event_id());
      content.set_kind(std::string(frame_bytes, 'x'));
      event.set_frame(record::MakeFrame(content));
      event.mutable_header()->set_publisher_count(static_cast<uint32_t>(events_ % 2));
      event.mutable_header()->set_type(type);
      if (type_before != 0) event.mutable_previous_header()->set_type(type_before);
    }
    records[0].mutable_item()->set_news_item_id("i" + std::to_string(++items_));
    ASSERT_TRUE(log_.Append(records).ok());
    unpublished_.push_back(std::make_shared<const stored::v1::Record>(std::move(records[0])));
  }
  void Publish() {
    hub_.Publish(unpublished_);
    unpublished_.clear();
    for (const WaiterPtr& waiter : hub_.Dispatch()) waiter->OnMore();
  }
  void AppendAndPublish(int events, size_t frame_bytes = 10) {
    Append(events, frame_bytes);
    Publish();
  }

  Cursor Open(uint64_t after, const std::string& filter = "") { return Cursor(log_, hub_, Of(filter), after, v1::ON_EXPIRED_FAIL); }
  log::MemoryLog& log() { return log_; }
  Hub& hub() { return hub_; }

  v1::EventType type = v1::EVENT_TYPE_CONSULT;  // of what is appended
  int type_before = 0;                          // and of the revision before it

 private:
  int64_t time_us_ = 0;
  log::MemoryLog log_;
  Hub hub_;
  int events_ = 0;
  int items_ = 0;
  std::vector<log::RecordPtr> unpublished_;
};

constexpr HubOptions kTiny{.max_events = 3, .max_bytes = limits::kMaxRingBytes};

const WaiterPtr& Nobody() {
  static const WaiterPtr nobody = std::make_shared<CountingWaiter>();
  return nobody;
}

absl::StatusOr<Step> Next(Cursor& cursor, const WaiterPtr& waiter = Nobody()) { return cursor.Next(waiter, /*may_read=*/true); }

// As a client sees it.
v1::EventBatch Parse(const Step& step) {
  v1::EventBatch batch;
  if (step.batch == nullptr) return batch;
  std::string bytes;
  for (const Batch::Piece& piece : step.batch->pieces) bytes.append(piece.data.get(), piece.size);
  bytes += step.batch->beside;
  EXPECT_EQ(bytes.size(), step.batch->bytes);
  EXPECT_TRUE(batch.ParseFromString(bytes));
  EXPECT_EQ(batch.events_size(), static_cast<int>(step.batch->events));
  return batch;
}

std::vector<uint64_t> Positions(const Step& step) {
  std::vector<uint64_t> positions;
  const v1::EventBatch batch = Parse(step);
  for (const std::string& position : batch.positions()) positions.push_back(std::stoull(position.substr(17), nullptr, 16));
  return positions;
}

TEST(Cursor, SaysOnceThatItCaughtUp) {
  Stream stream({});
  Cursor cursor = stream.Open(0);
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  EXPECT_EQ(Next(cursor)->kind, Kind::kIdle);
  stream.AppendAndPublish(2);
  EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(1, 2));
  EXPECT_EQ(Next(cursor)->kind, Kind::kIdle);
}

TEST(Cursor, ReadsTheLogThenTheRing) {
  Stream stream(kTiny);
  for (int i = 0; i < 10; ++i) stream.AppendAndPublish(1);
  Cursor cursor = stream.Open(0);
  EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  stream.AppendAndPublish(1);
  EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(11));
}

TEST(Cursor, SaysWhenItFallsBehindAndCatchesUpAgain) {
  Stream stream(kTiny);
  Cursor cursor = stream.Open(0);
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  for (int i = 0; i < 5; ++i) stream.AppendAndPublish(1);
  EXPECT_EQ(cursor.backlog(), 5u);
  EXPECT_EQ(Next(cursor)->kind, Kind::kFellBehind);
  EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  EXPECT_EQ(Next(cursor)->kind, Kind::kIdle);
}

TEST(Cursor, CatchesUpThoughSomethingIsAlwaysAdded) {
  Stream stream({});
  stream.AppendAndPublish(1);
  Cursor cursor = stream.Open(0);
  EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(1));
  stream.AppendAndPublish(1);
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(2));
}

TEST(Cursor, BeginsInTheMiddleOfARecord) {
  Stream stream(kTiny);
  stream.AppendAndPublish(2);  // 1, 2: the ring holds them
  Cursor from_ring = stream.Open(1);
  EXPECT_THAT(Positions(*Next(from_ring)), ElementsAre(2));
  for (int i = 0; i < 5; ++i) stream.AppendAndPublish(1);  // now only the log does
  Cursor from_log = stream.Open(1);
  EXPECT_THAT(Positions(*Next(from_log)), ElementsAre(2, 3, 4, 5, 6, 7));
}

TEST(Cursor, PassesRecordsWithoutEvents) {
  Stream stream(kTiny);
  stream.AppendAndPublish(0);
  stream.AppendAndPublish(1);
  stream.AppendAndPublish(0);
  Cursor cursor = stream.Open(0);
  EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(2));
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  EXPECT_EQ(cursor.position(), 3u);
}

TEST(Cursor, IsAheadOfTheHubForAMomentWithoutHarm) {
  Stream stream({});
  stream.Append(1);
  Cursor cursor = stream.Open(1);  // the publisher was told position 1 already
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  EXPECT_EQ(cursor.backlog(), 0u);
  stream.Publish();
  EXPECT_EQ(Next(cursor)->kind, Kind::kIdle);
  stream.AppendAndPublish(1);
  EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(2));
}

TEST(Cursor, IsNotCaughtUpBeforeWhatWasAppendedBefore) {
  Stream stream({});
  stream.Append(1);
  Cursor cursor = stream.Open(0);
  EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(1));  // durable, but not yet published
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  stream.Publish();
  EXPECT_EQ(Next(cursor)->kind, Kind::kIdle);
}

TEST(Cursor, BatchesAreBounded) {
  Stream stream({});
  stream.AppendAndPublish(static_cast<int>(limits::kMaxBatchEvents) + 1);
  Cursor by_count = stream.Open(0);
  EXPECT_EQ(Next(by_count)->batch->events, limits::kMaxBatchEvents);
  EXPECT_EQ(Next(by_count)->batch->events, 1u);
  const uint64_t after = by_count.position();
  stream.AppendAndPublish(3, limits::kMaxBatchBytes / 2 - 200);  // and what is beside
  stream.AppendAndPublish(2, limits::kMaxBatchBytes + 1);
  Cursor by_bytes = stream.Open(after);
  EXPECT_EQ(Next(by_bytes)->batch->events, 2u);
  EXPECT_EQ(Next(by_bytes)->batch->events, 1u);
  EXPECT_EQ(Next(by_bytes)->batch->events, 1u);
  EXPECT_EQ(Next(by_bytes)->batch->events, 1u);
}

TEST(Cursor, GoesOnWhereNothingIsWanted) {
  Stream stream({});
  stream.AppendAndPublish(3);
  Cursor cursor = stream.Open(0, "publisher_count = 1");
  EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(1, 3));
  stream.AppendAndPublish(1);
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  EXPECT_EQ(Next(cursor)->kind, Kind::kIdle);
  EXPECT_EQ(cursor.position(), 4u);
}

TEST(Cursor, DeliversExits) {
  Stream stream({});
  Cursor live = stream.Open(0, "type = AID");
  EXPECT_EQ(Next(live)->kind, Kind::kCaughtUp);
  stream.type_before = v1::EVENT_TYPE_AID;
  stream.AppendAndPublish(1);
  Cursor from_log = stream.Open(0, "type = AID");
  for (Cursor* cursor : {&live, &from_log}) {
    const v1::EventBatch batch = Parse(*Next(*cursor));
    ASSERT_EQ(batch.events_size(), 1);
    EXPECT_THAT(batch.matched_filters(), ElementsAre(0u));
    EXPECT_THAT(batch.filter_exit(), ElementsAre(true));
  }
}

TEST(Cursor, TellsItsWaiterOfWhatItWantsOnly) {
  Stream stream({});
  Cursor cursor = stream.Open(0, "type = AID");
  const auto waiter = std::make_shared<CountingWaiter>();
  EXPECT_EQ(Next(cursor, waiter)->kind, Kind::kCaughtUp);
  EXPECT_EQ(Next(cursor, waiter)->kind, Kind::kIdle);
  EXPECT_EQ(Next(cursor, waiter)->kind, Kind::kIdle);
  stream.AppendAndPublish(1);
  EXPECT_EQ(waiter->count, 0);
  EXPECT_EQ(Next(cursor, waiter)->kind, Kind::kIdle);
  EXPECT_EQ(cursor.position(), 1u);
  stream.type = v1::EVENT_TYPE_AID;
  stream.AppendAndPublish(1);
  EXPECT_EQ(waiter->count, 1);
  EXPECT_THAT(Positions(*Next(cursor, waiter)), ElementsAre(2));
  EXPECT_EQ(Next(cursor, waiter)->kind, Kind::kIdle);
  cursor.Forget(waiter);
  stream.AppendAndPublish(1);
  EXPECT_EQ(waiter->count, 1);
}

TEST(Cursor, SharesBatchesWithOthersOfTheSameFilters) {
  Stream stream({});
  std::vector<Cursor> cursors;
  for (const char* filter : {"", "", "type = CONSULT", "type = CONSULT"}) cursors.push_back(stream.Open(0, filter));
  for (Cursor& cursor : cursors) EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  stream.AppendAndPublish(3);
  std::vector<BatchPtr> batches;
  for (Cursor& cursor : cursors) batches.push_back(Next(cursor)->batch);
  EXPECT_EQ(batches[0], batches[1]);
  EXPECT_EQ(batches[2], batches[3]);
  EXPECT_NE(batches[0], batches[2]);
}

TEST(Cursor, BatchesOfOneThatLagsComeToEndWhereThoseOfTheOthersDo) {
  Stream stream({});
  Cursor ahead = stream.Open(0);
  EXPECT_EQ(Next(ahead)->kind, Kind::kCaughtUp);
  Cursor lagging = stream.Open(0);
  EXPECT_EQ(Next(lagging)->kind, Kind::kCaughtUp);
  stream.AppendAndPublish(10);
  EXPECT_EQ(Next(ahead)->batch->events, 10u);
  stream.AppendAndPublish(2 * static_cast<int>(limits::kMaxBatchEvents));
  EXPECT_EQ(Next(ahead)->batch->events, limits::kMaxBatchEvents - 10);
  EXPECT_EQ(Next(lagging)->batch->events, limits::kMaxBatchEvents);
  EXPECT_EQ(Next(lagging)->batch, Next(ahead)->batch);
}

TEST(Cursor, DoesNotReadTheLogWhenItMayNot) {
  Stream stream({});
  stream.AppendAndPublish(1);
  Cursor cursor = stream.Open(0);
  EXPECT_EQ(cursor.Next(Nobody(), /*may_read=*/false)->kind, Kind::kMustRead);
  EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(1));
  EXPECT_EQ(cursor.Next(Nobody(), /*may_read=*/false)->kind, Kind::kCaughtUp);
}

TEST(Cursor, GoesOnFromTheLogWhenTheRingIsOverrunBeforeItIsDispatched) {
  Stream stream(kTiny);
  Cursor cursor = stream.Open(0);
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  stream.Append(20);
  stream.Publish();
  EXPECT_EQ(Next(cursor)->kind, Kind::kFellBehind);
  EXPECT_EQ(Next(cursor)->batch->events, 20u);
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
}

// Each seed: records of random size, appended, published and read in random turns, the ring smaller than what is outstanding.
void ReadInRandomTurns(uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](uint32_t bound) { return static_cast<int>(random() % bound); };
  Stream stream({.max_events = static_cast<size_t>(1 + below(8)), .max_bytes = static_cast<size_t>(2000 + below(20000))});
  uint64_t end = 0;
  std::vector<uint64_t> all;  // positions of events; the first, third, fifth... have publisher_count = 1
  std::vector<Cursor> cursors;
  std::vector<bool> wants_all;
  std::vector<uint64_t> starts;
  std::vector<std::vector<uint64_t>> seen;
  const auto read = [&](size_t i) {
    const auto step = Next(cursors[i]);
    ASSERT_TRUE(step.ok()) << step.status();
    int in_batch = 0;
    const v1::EventBatch batch = Parse(*step);
    for (const uint64_t position : Positions(*step)) {
      const auto number = std::upper_bound(all.begin(), all.end(), position) - all.begin();
      EXPECT_EQ(batch.events(in_batch++).event_id(), "e" + std::to_string(number));
      seen[i].push_back(position);
    }
    EXPECT_GE(cursors[i].position(), seen[i].empty() ? starts[i] : seen[i].back());
  };
  for (int turn = 0; turn < 300; ++turn) {
    switch (below(4)) {
      case 0: {
        const int events = below(5);
        stream.Append(events);
        for (int i = 0; i < events; ++i) all.push_back(++end);
        if (events == 0) ++end;
        break;
      }
      case 1:
        stream.Publish();
        break;
      case 2:
        if (cursors.size() < 5) {
          starts.push_back(end == 0 ? 0 : random() % (end + 1));
          wants_all.push_back(below(2) == 0);
          cursors.push_back(stream.Open(starts.back(), wants_all.back() ? "" : "publisher_count = 1"));
          seen.emplace_back();
        }
        break;
      default:
        if (!cursors.empty()) read(random() % cursors.size());
    }
  }
  stream.Publish();
  for (size_t i = 0; i < cursors.size(); ++i) {
    while (cursors[i].position() < end) read(i);
    std::vector<uint64_t> expected;
    for (size_t k = 0; k < all.size(); ++k) {
      if (all[k] > starts[i] && (wants_all[i] || k % 2 == 0)) expected.push_back(all[k]);
    }
    EXPECT_EQ(seen[i], expected);
  }
}

TEST(Cursor, GivesEachPositionOnceAndInOrder) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ReadInRandomTurns(seed);
    if (HasFailure()) return;
  }
}

TEST(Hub, KeepsWithinItsBounds) {
  Stream stream({.max_events = 1000, .max_bytes = 10'000});
  Cursor cursor = stream.Open(0);
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  for (int i = 0; i < 12; ++i) stream.AppendAndPublish(1, 500);
  EXPECT_EQ(Next(cursor)->batch->events, 12u);  // the ring holds at least three of its four quarters
  for (int i = 0; i < 20; ++i) stream.AppendAndPublish(1, 500);
  EXPECT_EQ(Next(cursor)->kind, Kind::kFellBehind);
}

TEST(Hub, EncodesWhatIsLargerThanAChunk) {
  Stream stream({});
  Cursor cursor = stream.Open(0);
  EXPECT_EQ(Next(cursor)->kind, Kind::kCaughtUp);
  stream.Append(1, 10);
  stream.Append(1, 3 * limits::kMaxBatchBytes);
  stream.Append(1, 10);
  stream.Publish();
  for (uint64_t position = 1; position <= 3; ++position) EXPECT_THAT(Positions(*Next(cursor)), ElementsAre(position));
}

}  // namespace
}  // namespace demarche::subscription
