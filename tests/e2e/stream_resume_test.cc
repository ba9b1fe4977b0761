// Watches that are killed and go on from where they were, over a long stream, with the ring far too small for it: each is sent each
// matching revision once. 20,000 events; 1,000,000 with DEMARCHE_LONG_TESTS.
#include <atomic>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/record/record.h"
#include "server/subscription/position.h"
#include "tests/support/stream_server.h"
#include "tests/support/stream_validator.h"

namespace demarche {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::FindFaults;
using testing_support::Seen;
using testing_support::StreamServer;
using testing_support::Watcher;

std::vector<Seen> FiveSeen() {
  std::vector<Seen> seen;
  for (int i = 1; i <= 5; ++i) seen.push_back({"p" + std::to_string(i), "e" + std::to_string(i)});
  return seen;
}

TEST(StreamValidator, FindsNoFaultWhereThereIsNone) {
  EXPECT_THAT(FindFaults(FiveSeen(), FiveSeen()), IsEmpty());
  EXPECT_THAT(FindFaults({}, {}), IsEmpty());
}

TEST(StreamValidator, FindsEachPlantedFault) {
  const std::vector<Seen> right = FiveSeen();
  const auto faults = [&](const std::function<void(std::vector<Seen>&)>& plant) {
    std::vector<Seen> wrong = right;
    plant(wrong);
    return FindFaults(right, wrong);
  };
  EXPECT_THAT(faults([](auto& seen) { seen.erase(seen.begin()); }), ElementsAre("missing: p1"));
  EXPECT_THAT(faults([](auto& seen) { seen.erase(seen.begin() + 2); }), ElementsAre("missing: p3"));
  EXPECT_THAT(faults([](auto& seen) { seen.pop_back(); }), ElementsAre("missing: p5"));
  EXPECT_THAT(faults([](auto& seen) { seen.clear(); }).size(), 5u);
  EXPECT_THAT(faults([](auto& seen) { seen.insert(seen.begin() + 2, seen[2]); }), ElementsAre("repeated: p3"));
  EXPECT_THAT(faults([](auto& seen) { seen.push_back(seen[1]); }), ElementsAre("out of order: p2"));
  EXPECT_THAT(faults([](auto& seen) { std::swap(seen[1], seen[2]); }), ElementsAre("missing: p2", "out of order: p2"));
  EXPECT_THAT(faults([](auto& seen) { seen.insert(seen.begin() + 1, Seen{"p1a", "e"}); }), ElementsAre("not wanted: p1a"));
  EXPECT_THAT(faults([](auto& seen) { seen.push_back({"p6", "e6"}); }), ElementsAre("not wanted: p6"));
  EXPECT_THAT(faults([](auto& seen) { seen[3].event_id = "e5"; }), ElementsAre("altered: p4"));
  EXPECT_THAT(faults([](auto& seen) { seen[3].revision = 2; }), ElementsAre("altered: p4"));
  EXPECT_THAT(faults([](auto& seen) { seen[3].matched_filters = 3; }), ElementsAre("altered: p4"));
  EXPECT_THAT(faults([](auto& seen) { seen[3].filter_exit = true; }), ElementsAre("altered: p4"));
}

// The filters of one watch, and what they say of event number i of the stream.
struct Wish {
  std::vector<std::pair<std::string, std::string>> filters;
  Seen (*judge)(int number);  // matched_filters of 0 and no exit: it is not sent
};

// Event i is of type AID when 10 divides i, else CONSULT; when 7 divides i, it was AID before. Its parties are P0 to P9.
bool IsAid(int number) { return number % 10 == 0; }
bool WasAid(int number) { return number % 7 == 0; }

const std::vector<Wish>& Wishes() {
  static const auto* const wishes = new std::vector<Wish>{
      {{}, [](int) { return Seen{.matched_filters = 1}; }},
      {{{"aid", "type = AID"}},
       [](int number) {
         return Seen{.matched_filters = IsAid(number) ? 1u : 0u, .filter_exit = !IsAid(number) && WasAid(number)};
       }},
      {{{"some", "party.entity_id = p3"}, {"talks", "type = CONSULT AND publisher_count = 1"}},
       [](int number) {
         const uint32_t some = number % 10 == 3 ? 1 : 0;
         const uint32_t talks = !IsAid(number) && number % 2 == 1 ? 2 : 0;
         return Seen{.matched_filters = some | talks};
       }},
  };
  return *wishes;
}

stored::v1::StoredEvent MakeEvent(int number) {
  v1::DiplomaticEvent event;
  event.set_event_id("e" + std::to_string(number));
  event.set_revision(WasAid(number) ? 2 : 1);
  event.set_type(IsAid(number) ? v1::EVENT_TYPE_AID : v1::EVENT_TYPE_CONSULT);
  event.set_publisher_count(static_cast<uint32_t>(number % 2));
  event.add_actors()->set_entity_id("p" + std::to_string(number % 10));
  stored::v1::StoredEvent stored = record::MakeStoredEvent(event);
  if (WasAid(number)) stored.mutable_previous_header()->set_type(v1::EVENT_TYPE_AID);
  return stored;
}

// Appends and publishes events in records of random size; now and then one has none and takes a position all the same. Gives the
// position of each event.
std::vector<uint64_t> Append(StreamServer& server, int events) {
  std::mt19937 random(1);
  std::vector<uint64_t> positions;
  for (int number = 0; number < events;) {
    std::vector<stored::v1::Record> records(1 + random() % 8);
    for (stored::v1::Record& record : records) {
      record.mutable_item()->set_news_item_id("i" + std::to_string(positions.size()) + "-" + std::to_string(random()));
      for (uint32_t i = random() % 6; i > 0 && number < events; --i) *record.add_events() = MakeEvent(number++);
    }
    EXPECT_TRUE(server.log->Append(records).ok());
    std::vector<log::RecordPtr> durable;
    for (stored::v1::Record& record : records) {
      for (int i = record.events_size(); i > 0; --i) positions.push_back(record.last_position() - static_cast<uint64_t>(i) + 1);
      durable.push_back(std::make_shared<const stored::v1::Record>(std::move(record)));
    }
    server.hub.Publish(durable);
  }
  return positions;
}

// Watches in sessions that end anywhere, until it has what comes before the last position.
std::vector<Seen> WatchInSessions(StreamServer& server, const Wish& wish, uint32_t seed, const std::atomic<bool>& is_all_appended) {
  std::mt19937 random(seed);
  v1::WatchEventsRequest request = testing_support::FromEarliest();
  for (const auto& [name, filter] : wish.filters) {
    request.add_filters()->set_name(name);
    request.mutable_filters()->rbegin()->set_filter(filter);
  }
  std::vector<Seen> seen;
  while (true) {
    const bool is_last = is_all_appended.load();
    Watcher watcher(*server.event_stub, request);
    std::string reached;
    for (uint32_t messages = 1 + random() % 30; messages > 0 || is_last; --messages) {
      const v1::WatchEventsResponse message = watcher.Next();
      if (message.has_caught_up() && is_last) return seen;
      if (message.response_case() == v1::WatchEventsResponse::RESPONSE_NOT_SET) break;
      const v1::EventBatch& batch = message.event_batch();
      const int taken = messages == 1 && !is_last ? static_cast<int>(random() % (batch.events_size() + 1)) : batch.events_size();
      for (int i = 0; i < taken; ++i) {
        seen.push_back({batch.positions(i), batch.events(i).event_id(), batch.events(i).revision(), batch.matched_filters(i),
                        batch.filter_exit(i)});
        reached = batch.positions(i);
      }
      if (message.has_caught_up()) break;  // nothing is to come, perhaps
    }
    if (!reached.empty()) request.mutable_start()->set_after(reached);
  }
}

TEST(StreamResume, EachMatchingRevisionOnce) {
  const int events = std::getenv("DEMARCHE_LONG_TESTS") != nullptr ? 1'000'000 : 20'000;
  constexpr int kWatches = 9;
  testing_support::ServerOptions options;
  options.hub.max_events = 500;
  StreamServer server(std::move(options));
  std::atomic<bool> is_all_appended{false};
  std::vector<std::vector<Seen>> seen(kWatches);
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < kWatches; ++i) {
    threads.emplace_back([&, i] { seen[i] = WatchInSessions(server, Wishes()[i % Wishes().size()], i, is_all_appended); });
  }
  const std::vector<uint64_t> positions = Append(server, events);
  is_all_appended.store(true);
  for (std::thread& thread : threads) thread.join();
  const std::string epoch = server.log->info().epoch;
  for (size_t watch = 0; watch < kWatches; ++watch) {
    std::vector<Seen> expected;
    for (int number = 0; number < events; ++number) {
      Seen one = Wishes()[watch % Wishes().size()].judge(number);
      if (one.matched_filters == 0 && !one.filter_exit) continue;
      one.position = subscription::FormatPosition(epoch, positions[static_cast<size_t>(number)]);
      one.event_id = "e" + std::to_string(number);
      one.revision = WasAid(number) ? 2 : 1;
      expected.push_back(std::move(one));
    }
    EXPECT_THAT(FindFaults(expected, seen[watch]), IsEmpty()) << "watch " << watch;
    EXPECT_EQ(seen[watch].size(), expected.size());
  }
}

}  // namespace
}  // namespace demarche
