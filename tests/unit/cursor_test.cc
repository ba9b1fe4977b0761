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

namespace demarche::subscription {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = Step::Kind;

Match All(const stored::v1::StoredEvent&) { return {1, false}; }

// A log and its hub: what is appended is published when the test says so.
class Stream {
 public:
  explicit Stream(HubOptions options, uint64_t first_position = 0)
      : log_([this] { return ++time_us_; }, first_position), hub_(first_position, options) {}

  // Appends one record with so many events; their ids count up.
  void Append(int events, size_t frame_bytes = 10) {
    std::vector<stored::v1::Record> records(1);
    for (int i = 0; i < events; ++i) {
      stored::v1::StoredEvent& event = *records[0].add_events();
      event.set_event_id("e" + std::to_string(++events_));
      event.set_revision(1);
      event.set_frame(std::string(frame_bytes, 'x'));
      event.mutable_header()->set_intensity(static_cast<double>(events_));
    }
    records[0].mutable_item()->set_news_item_id("i" + std::to_string(++items_));
    ASSERT_TRUE(log_.Append(records).ok());
    unpublished_.push_back(std::make_shared<const stored::v1::Record>(std::move(records[0])));
  }
  void Publish() {
    hub_.Publish(unpublished_);
    unpublished_.clear();
  }
  void AppendAndPublish(int events, size_t frame_bytes = 10) {
    Append(events, frame_bytes);
    Publish();
  }

  Cursor Open(uint64_t after, Matcher matcher = All) { return Cursor(log_, hub_, std::move(matcher), after, v1::ON_EXPIRED_FAIL); }
  log::MemoryLog& log() { return log_; }
  Hub& hub() { return hub_; }

 private:
  int64_t time_us_ = 0;
  log::MemoryLog log_;
  Hub hub_;
  int events_ = 0;
  int items_ = 0;
  std::vector<log::RecordPtr> unpublished_;
};

constexpr HubOptions kTiny{.max_events = 3, .max_bytes = limits::kMaxRingBytes};

std::vector<uint64_t> Positions(const Step& step) {
  std::vector<uint64_t> positions;
  for (const Delivery& delivery : step.events) positions.push_back(delivery.position);
  return positions;
}

TEST(Cursor, SaysOnceThatItCaughtUp) {
  Stream stream({});
  Cursor cursor = stream.Open(0);
  EXPECT_EQ(cursor.Next()->kind, Kind::kCaughtUp);
  EXPECT_EQ(cursor.Next()->kind, Kind::kIdle);
  stream.AppendAndPublish(2);
  EXPECT_THAT(Positions(*cursor.Next()), ElementsAre(1, 2));
  EXPECT_EQ(cursor.Next()->kind, Kind::kIdle);
}

TEST(Cursor, ReadsTheLogThenTheRing) {
  Stream stream(kTiny);
  for (int i = 0; i < 10; ++i) stream.AppendAndPublish(1);
  Cursor cursor = stream.Open(0);
  EXPECT_THAT(Positions(*cursor.Next()), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  EXPECT_EQ(cursor.Next()->kind, Kind::kCaughtUp);
  stream.AppendAndPublish(1);
  EXPECT_THAT(Positions(*cursor.Next()), ElementsAre(11));
}

TEST(Cursor, SaysWhenItFallsBehindAndCatchesUpAgain) {
  Stream stream(kTiny);
  Cursor cursor = stream.Open(0);
  EXPECT_EQ(cursor.Next()->kind, Kind::kCaughtUp);
  for (int i = 0; i < 5; ++i) stream.AppendAndPublish(1);
  EXPECT_EQ(cursor.backlog(), 5u);
  EXPECT_EQ(cursor.Next()->kind, Kind::kFellBehind);
  EXPECT_THAT(Positions(*cursor.Next()), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(cursor.Next()->kind, Kind::kCaughtUp);
  EXPECT_EQ(cursor.Next()->kind, Kind::kIdle);
}

TEST(Cursor, CatchesUpThoughSomethingIsAlwaysAdded) {
  Stream stream({});
  stream.AppendAndPublish(1);
  Cursor cursor = stream.Open(0);
  EXPECT_THAT(Positions(*cursor.Next()), ElementsAre(1));
  stream.AppendAndPublish(1);
  EXPECT_EQ(cursor.Next()->kind, Kind::kCaughtUp);
  EXPECT_THAT(Positions(*cursor.Next()), ElementsAre(2));
}

TEST(Cursor, BeginsInTheMiddleOfARecord) {
  Stream stream(kTiny);
  stream.AppendAndPublish(2);  // 1, 2: the ring holds them
  Cursor from_ring = stream.Open(1);
  EXPECT_THAT(Positions(*from_ring.Next()), ElementsAre(2));
  for (int i = 0; i < 5; ++i) stream.AppendAndPublish(1);  // now only the log does
  Cursor from_log = stream.Open(1);
  EXPECT_THAT(Positions(*from_log.Next()), ElementsAre(2, 3, 4, 5, 6, 7));
}

TEST(Cursor, PassesRecordsWithoutEvents) {
  Stream stream(kTiny);
  stream.AppendAndPublish(0);
  stream.AppendAndPublish(1);
  stream.AppendAndPublish(0);
  Cursor cursor = stream.Open(0);
  EXPECT_THAT(Positions(*cursor.Next()), ElementsAre(2));
  EXPECT_EQ(cursor.Next()->kind, Kind::kCaughtUp);
  EXPECT_EQ(cursor.position(), 3u);
}

TEST(Cursor, IsAheadOfTheHubForAMomentWithoutHarm) {
  Stream stream({});
  stream.Append(1);
  Cursor cursor = stream.Open(1);  // the publisher was told position 1 already
  EXPECT_EQ(cursor.Next()->kind, Kind::kCaughtUp);
  EXPECT_EQ(cursor.backlog(), 0u);
  stream.Publish();
  EXPECT_EQ(cursor.Next()->kind, Kind::kIdle);
  stream.AppendAndPublish(1);
  EXPECT_THAT(Positions(*cursor.Next()), ElementsAre(2));
}

TEST(Cursor, IsNotCaughtUpBeforeWhatWasAppendedBefore) {
  Stream stream({});
  stream.Append(1);
  Cursor cursor = stream.Open(0);
  EXPECT_EQ(cursor.Next()->kind, Kind::kIdle);  // durable, but not yet published
  stream.Publish();
  EXPECT_THAT(Positions(*cursor.Next()), ElementsAre(1));
  EXPECT_EQ(cursor.Next()->kind, Kind::kCaughtUp);
}

TEST(Cursor, BatchesAreBounded) {
  Stream stream({});
  stream.AppendAndPublish(static_cast<int>(limits::kMaxBatchEvents) + 1);
  Cursor by_count = stream.Open(0);
  EXPECT_EQ(by_count.Next()->events.size(), limits::kMaxBatchEvents);
  EXPECT_EQ(by_count.Next()->events.size(), 1u);
  const uint64_t after = by_count.position();
  stream.AppendAndPublish(3, limits::kMaxBatchBytes / 2);
  stream.AppendAndPublish(2, limits::kMaxBatchBytes + 1);
  Cursor by_bytes = stream.Open(after);
  EXPECT_EQ(by_bytes.Next()->events.size(), 2u);
  EXPECT_EQ(by_bytes.Next()->events.size(), 1u);
  EXPECT_EQ(by_bytes.Next()->events.size(), 1u);
  EXPECT_EQ(by_bytes.Next()->events.size(), 1u);
}

TEST(Cursor, GoesOnWhereNothingIsWanted) {
  Stream stream({});
  const auto odd = [](const stored::v1::StoredEvent& event) {
    return Match{static_cast<uint32_t>(event.header().intensity()) % 2, false};
  };
  stream.AppendAndPublish(3);
  Cursor cursor = stream.Open(0, odd);
  EXPECT_THAT(Positions(*cursor.Next()), ElementsAre(1, 3));
  stream.AppendAndPublish(1);
  EXPECT_EQ(cursor.Next()->kind, Kind::kCaughtUp);
  const Step passed = *cursor.Next();
  EXPECT_EQ(passed.kind, Kind::kPassed);
  EXPECT_THAT(passed.events, IsEmpty());
  EXPECT_EQ(cursor.position(), 4u);
}

TEST(Cursor, DeliversExits) {
  Stream stream({});
  stream.AppendAndPublish(1);
  Cursor cursor = stream.Open(0, [](const stored::v1::StoredEvent&) { return Match{0, true}; });
  const Step step = *cursor.Next();
  ASSERT_EQ(step.events.size(), 1u);
  EXPECT_TRUE(step.events[0].match.is_exit);
}

// Each seed: records of random size, appended, published and read in random turns, the ring smaller than what is outstanding.
void ReadInRandomTurns(uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](uint32_t bound) { return static_cast<int>(random() % bound); };
  Stream stream({.max_events = static_cast<size_t>(1 + below(8)), .max_bytes = static_cast<size_t>(2000 + below(20000))});
  uint64_t end = 0;
  std::vector<uint64_t> all;  // positions of events
  std::vector<Cursor> cursors;
  std::vector<uint64_t> starts;
  std::vector<std::vector<uint64_t>> seen;
  const auto read = [&](size_t i) {
    const auto step = cursors[i].Next();
    ASSERT_TRUE(step.ok()) << step.status();
    for (const Delivery& delivery : step->events) {
      seen[i].push_back(delivery.position);
      EXPECT_EQ(delivery.record->events(delivery.index).header().intensity(),
                static_cast<double>(std::count_if(all.begin(), all.end(), [&](uint64_t p) { return p <= delivery.position; })));
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
          cursors.push_back(stream.Open(starts.back()));
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
    for (const uint64_t position : all) {
      if (position > starts[i]) expected.push_back(position);
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
  for (int i = 0; i < 100; ++i) stream.AppendAndPublish(1, 500);
  EXPECT_FALSE(stream.hub().ReadAfter(50, 1000, 1'000'000).has_value());
  const auto recent = stream.hub().ReadAfter(99, 1000, 1'000'000);
  ASSERT_TRUE(recent.has_value());
  EXPECT_EQ(recent->records.size(), 1u);
  EXPECT_EQ(recent->through, 100u);
}

}  // namespace
}  // namespace demarche::subscription
