#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pipeline/stories/index.h"
#include "pipeline/stories/links.h"
#include "pipeline/stories/match.h"
#include "tests/support/newsroom.h"

namespace demarche::stories {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Outline LinkedUnder(std::vector<uint32_t> links) {
  stored::v1::EventOutline row;
  row.mutable_links()->Add(links.begin(), links.end());
  return Outline(row);
}

std::vector<uint32_t> Under(const Index& index, std::vector<uint32_t> links) {
  std::vector<uint32_t> numbers;
  index.Visit(links, [&](uint32_t number, const Outline&) { numbers.push_back(number); });
  return numbers;
}

TEST(StoriesIndex, ShowsTheLatestFirstWhateverTheOrderTheyCameIn) {
  Index index;
  for (const uint32_t number : {7, 9, 8}) index.Put(number, LinkedUnder({1, 2}));
  EXPECT_THAT(Under(index, {1}), ElementsAre(9, 8, 7));
  EXPECT_THAT(Under(index, {3, 2}), ElementsAre(9, 8, 7));
}

TEST(StoriesIndex, AnOutlineReplacesTheOneBefore) {
  Index index;
  EXPECT_TRUE(index.Put(1, LinkedUnder({1, 2})).is_empty());
  EXPECT_THAT(index.Put(1, LinkedUnder({2, 3})).links(), ElementsAre(1, 2));
  EXPECT_THAT(Under(index, {1}), IsEmpty());
  EXPECT_THAT(Under(index, {2, 3}), ElementsAre(1, 1));
  EXPECT_THAT(index.Remove(1).links(), ElementsAre(2, 3));
  EXPECT_THAT(Under(index, {2, 3}), IsEmpty());
  EXPECT_FALSE(index.Has(1));
}

TEST(StoriesIndex, TheFirstGoesAndComesBack) {
  Index index;
  for (const uint32_t number : {1, 2, 3}) index.Put(number, LinkedUnder({1}));
  Outline first = index.RemoveFirst(1);
  Outline second = index.RemoveFirst(2);
  EXPECT_THAT(Under(index, {1}), ElementsAre(3));
  index.Put(2, std::move(second));
  index.Put(1, std::move(first));
  EXPECT_THAT(Under(index, {1}), ElementsAre(3, 2, 1));
  for (const uint32_t number : {1, 2, 3}) index.RemoveFirst(number);
  EXPECT_THAT(Under(index, {1}), IsEmpty());
  index.Put(4, LinkedUnder({1}));
  EXPECT_THAT(Under(index, {1}), ElementsAre(4));
}

v1::DiplomaticEvent Among(const std::vector<std::string>& parties) {
  v1::DiplomaticEvent event;
  event.set_type(v1::EVENT_TYPE_CONSULT);
  event.set_factuality(v1::FACTUALITY_ACTUAL);
  for (const std::string& code : parties) *event.add_actors() = testing_support::State(code);
  return event;
}

struct Search {
  std::vector<std::string> known;
  std::vector<std::string> report;
  bool is_found;
};

TEST(StoriesIndex, FindsPartiesThatIncludeOthers) {
  const Search cases[] = {
      {{"KEN", "GHA"}, {"GHA", "KEN"}, true},
      {{"KEN"}, {"GHA", "KEN"}, true},
      {{"KEN", "GHA"}, {"KEN"}, true},
      {{"KEN", "GHA", "PER"}, {"GHA", "PER"}, true},
      {{"KEN", "PER"}, {"KEN", "GHA", "PER"}, true},
      {{"KEN", "GHA"}, {"PER", "CHL"}, false},
      {{"KEN"}, {"GHA"}, false},
      {{"KEN"}, {"KEN"}, true},
  };
  for (const Search& search : cases) {
    Index index;
    stored::v1::KnownEvent known;
    *known.mutable_event() = Among(search.known);
    known.set_first_day(100);
    index.Put(1, Outline(OutlineOf(known)));
    EXPECT_EQ(!Under(index, SearchLinksOf(Among(search.report), 101)).empty(), search.is_found)
        << testing::PrintToString(search.known) << testing::PrintToString(search.report);
  }
}

TEST(StoriesWeights, WhatManyEventsHaveTellsLess) {
  Weights weights;
  const std::vector<uint16_t> rare = {1, 3}, other = {2, 3};
  weights.Add(rare);
  for (int i = 0; i < 20; ++i) weights.Add(other);
  EXPECT_GT(weights.Of(1), weights.Of(2));
  EXPECT_GT(weights.Of(2), weights.Of(3));
  EXPECT_GT(weights.Of(3), 0u);
  EXPECT_EQ(weights.Of(1), weights.OfRare());
  for (int i = 0; i < 20; ++i) weights.Remove(other);
  EXPECT_GT(weights.Of(2), weights.Of(1));
}

// The outline may let pass what the event does not, never the other way round.
TEST(StoriesOutline, RefusesNothingThatTheEventWouldPass) {
  const char* const sentences[] = {"Kenya expelled two Ghanaian diplomats over a bugged conference room.",
                                   "Two diplomats were thrown out after a conference room was found bugged.",
                                   "Kenya expelled two diplomats for smuggling antique carpets.", "Kenya expelled them."};
  std::vector<v1::DiplomaticEvent> events;
  for (const char* sentence : sentences) {
    for (const v1::EventType type : {v1::EVENT_TYPE_SANCTION, v1::EVENT_TYPE_COERCE, v1::EVENT_TYPE_CONSULT}) {
      for (const char* recipient : {"GHA", "PER"}) {
        for (const int day : {0, 1, 2}) {
          for (const v1::Factuality factuality : {v1::FACTUALITY_ACTUAL, v1::FACTUALITY_PLANNED, v1::FACTUALITY_DENIED}) {
            v1::DiplomaticEvent& event =
                events.emplace_back(testing_support::Event(type, "kind" + std::to_string(day % 2), "KEN", recipient, sentence));
            event.set_factuality(factuality);
            event.mutable_publish_time()->set_seconds(19'783 * 86'400);
            if (day == 0) continue;
            event.mutable_event_date()->set_year(2024);
            event.mutable_event_date()->set_month(3);
            event.mutable_event_date()->set_day(day);
          }
        }
      }
    }
  }
  Weights weights;
  for (const v1::DiplomaticEvent& event : events) weights.Add(MakeReport(event).words);
  size_t passed = 0, refused = 0;
  for (const v1::DiplomaticEvent& event : events) {
    const Report of_known = MakeReport(event);
    stored::v1::KnownEvent known;
    *known.mutable_event() = event;
    known.mutable_words()->Add(of_known.matter.begin(), of_known.matter.end());
    known.set_first_day(of_known.publish_day);
    known.set_last_day(of_known.publish_day);
    const Outline outline(OutlineOf(known));
    for (const v1::DiplomaticEvent& told : events) {
      const Report report = MakeReport(told);
      const Verdict exact = Judge(known, report, weights), at_best = JudgeOutline(outline, report, weights);
      if (exact.kind != Verdict::kOther) {
        EXPECT_EQ(at_best.kind, exact.kind);
        EXPECT_GE(at_best.score, exact.score);
        ++passed;
      }
      refused += at_best.kind == Verdict::kOther;
    }
  }
  EXPECT_GT(passed, 1000u);
  EXPECT_GT(refused, 1000u);
}

}  // namespace
}  // namespace demarche::stories
