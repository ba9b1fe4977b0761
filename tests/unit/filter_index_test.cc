#include <algorithm>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "demarche/v1/event.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/query/filter/index.h"

namespace demarche::query {
namespace {

using stored::v1::FilterHeader;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Filter Compile(const std::string& text) {
  auto filter = Filter::Compile(text);
  EXPECT_TRUE(filter.ok()) << text << ": " << filter.status();
  return *filter;
}

std::vector<FilterIndex::Id> Matches(FilterIndex& index, const FilterHeader& header) {
  std::vector<FilterIndex::Id> ids;
  index.FindMatches(header, ids);
  return ids;
}

// All filters of the golden cases, and some that put the anchors to the test.
std::vector<std::string> ManyFilters() {
  std::vector<std::string> filters = {"party : usa OR party : nato",
                                      "actor.country = USA AND (kind = leader_call OR kind = aid_pledged)",
                                      "NOT party : USA",
                                      "party.entity_id = state/ukr",
                                      "party.entity_id != state/UKR",
                                      "type = AID OR confidence >= 0.5",
                                      "type = AID AND NOT type = AID",
                                      "recipient : NATO recipient.country : * kind : leader_call"};
  std::ifstream file(DEMARCHE_SOURCE_DIR "/tests/golden/filter/matches.txt");
  for (std::string line; std::getline(file, line);) {
    if (line[0] == '+' || line[0] == '-') filters.push_back(line.substr(1));
  }
  EXPECT_GE(filters.size(), 100u);
  return filters;
}

// Few values, in both cases, so that filters meet them.
FilterHeader RandomHeader(std::mt19937& random) {
  const auto one_of = [&](std::vector<std::string> values) { return values[random() % values.size()]; };
  FilterHeader header;
  header.set_type(static_cast<int>(random() % 4));
  header.set_kind(one_of({"", "leader_call", "LEADER_CALL", "aid_pledged"}));
  header.set_confidence(static_cast<double>(random() % 3) / 2);
  header.set_publisher_count(random() % 3);
  for (auto* side : {header.mutable_actors(), header.mutable_recipients()}) {
    for (uint32_t i = random() % 3; i > 0; --i) {
      stored::v1::Party& party = *side->Add();
      party.set_country(one_of({"", "USA", "usa", "UKR"}));
      party.set_organization(one_of({"", "NATO", "EU"}));
      party.set_entity_id(one_of({"", "state/UKR", "state/ukr", "nato"}));
    }
  }
  return header;
}

TEST(FilterIndex, AnswersAsEachFilterWould) {
  std::mt19937 random(7);
  FilterIndex index;
  std::vector<std::pair<FilterIndex::Id, Filter>> filters;
  for (const std::string& text : ManyFilters()) {
    const Filter filter = Compile(text);
    filters.emplace_back(index.Add(filter), filter);
  }
  size_t matches = 0;
  for (int round = 0; round < 2000; ++round) {
    const FilterHeader header = RandomHeader(random);
    std::vector<FilterIndex::Id> expected;
    for (const auto& [id, filter] : filters) {
      if (filter.Matches(header)) expected.push_back(id);
    }
    std::sort(expected.begin(), expected.end());
    expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
    std::vector<FilterIndex::Id> ids = Matches(index, header);
    std::sort(ids.begin(), ids.end());
    ASSERT_EQ(ids, expected) << header.ShortDebugString();
    matches += ids.size();
    if (round % 20 == 0 && filters.size() > 20) {
      const size_t gone = random() % filters.size();
      index.Remove(filters[gone].first);
      filters.erase(filters.begin() + static_cast<std::ptrdiff_t>(gone));
    }
  }
  EXPECT_GT(matches, 2000u);
}

TEST(FilterIndex, KeepsTheSameFilterOnce) {
  FilterIndex index;
  FilterHeader aid;
  aid.set_type(v1::EVENT_TYPE_AID);
  const FilterIndex::Id first = index.Add(Compile("type = AID"));
  EXPECT_EQ(index.Add(Compile("type = AID")), first);
  const FilterIndex::Id other = index.Add(Compile("confidence < 0.5"));
  EXPECT_EQ(index.size(), 2u);
  EXPECT_THAT(Matches(index, aid), UnorderedElementsAre(first, other));
  index.Remove(first);
  index.Remove(other);
  EXPECT_THAT(Matches(index, aid), ElementsAre(first));
  index.Remove(first);
  EXPECT_EQ(index.size(), 0u);
  EXPECT_THAT(Matches(index, aid), IsEmpty());
  EXPECT_LT(index.Add(Compile("type = AGREE")), 2u) << "ids are used again";
}

TEST(FilterAnchors, AreTheRarestThatAFilterNeeds) {
  EXPECT_THAT(Compile("type = AID AND party : USA AND kind = leader_call").anchors(), ElementsAre("kleader_call"));
  EXPECT_THAT(Compile("type = AID AND recipient.organization = NATO").anchors(), ElementsAre("pnato"));
  EXPECT_THAT(Compile("party : USA OR party : RUS").anchors(), ElementsAre("pusa", "prus"));
  for (const char* text :
       {"", "NOT party : USA", "party : USA OR confidence > 0.5", "type != AID", "kind : *", "actor.sector = GOV"}) {
    EXPECT_THAT(Compile(text).anchors(), IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace demarche::query
