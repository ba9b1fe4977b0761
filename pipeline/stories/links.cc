#include "pipeline/stories/links.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>

#include "pipeline/document/hash.h"
#include "pipeline/document/parties.h"
#include "pipeline/stories/dates.h"
#include "pipeline/stories/match.h"

namespace demarche::stories {
namespace {

constexpr size_t kMostParties = 6;  // that an event is found by
constexpr size_t kMostPaired = 4;   // by twos
constexpr int kDaysBefore = 7;
constexpr int kDaysAfter = 3;
constexpr int kPlannedDaysBefore = 21;

constexpr uint64_t kAny = 1;    // event with this party
constexpr uint64_t kAlone = 2;  // with this party and no other
constexpr uint64_t kPair = 3;   // with these two

std::vector<uint64_t> PartyDigests(const v1::DiplomaticEvent& event) {
  std::vector<uint64_t> digests;
  for (const std::string& code : document::PartiesOf(event)) {
    if (digests.size() < kMostParties) digests.push_back(Digest64(code));
  }
  return digests;
}

uint64_t Mix(uint64_t a, uint64_t b) { return Digest64({reinterpret_cast<const char*>(&b), sizeof b}, a); }

void AddPairs(const std::vector<uint64_t>& parties, std::vector<uint64_t>& groups) {
  const size_t paired = std::min(parties.size(), kMostPaired);
  for (size_t i = 0; i < paired; ++i) {
    for (size_t k = i + 1; k < paired; ++k) groups.push_back(Mix(Mix(kPair, parties[i]), parties[k]));
  }
}

void AddLinks(const std::vector<uint64_t>& groups, v1::EventType type, int32_t day, std::vector<uint32_t>& links) {
  const uint64_t family_day = static_cast<uint64_t>(FamilyOf(type)) << 32 | static_cast<uint32_t>(day);
  for (const uint64_t group : groups) links.push_back(static_cast<uint32_t>(Mix(group, family_day)));
}

}  // namespace

std::vector<uint32_t> LinksOf(const v1::DiplomaticEvent& event, int32_t publish_day) {
  const std::vector<uint64_t> parties = PartyDigests(event);
  std::vector<uint64_t> groups;
  for (const uint64_t party : parties) groups.push_back(Mix(kAny, party));
  if (parties.size() == 1) groups.push_back(Mix(kAlone, parties[0]));
  AddPairs(parties, groups);
  const int32_t day = DayOf(event.event_date());
  std::vector<uint32_t> links;
  AddLinks(groups, event.type(), day != 0 ? day : publish_day, links);
  // Plans are told of long before their day, and often without it.
  if (event.factuality() == v1::FACTUALITY_PLANNED && day != 0 && day != publish_day) {
    AddLinks(groups, event.type(), publish_day, links);
  }
  return links;
}

std::vector<uint32_t> SearchLinksOf(const v1::DiplomaticEvent& report, int32_t publish_day) {
  const std::vector<uint64_t> parties = PartyDigests(report);
  std::vector<uint64_t> groups;
  if (parties.size() == 1) {
    groups.push_back(Mix(kAny, parties[0]));
  } else {
    AddPairs(parties, groups);
    for (const uint64_t party : parties) groups.push_back(Mix(kAlone, party));
  }
  const int32_t dated = DayOf(report.event_date());
  const int32_t day = dated != 0 ? dated : publish_day;
  const int32_t before = report.factuality() == v1::FACTUALITY_ACTUAL ? kPlannedDaysBefore : kDaysBefore;
  std::vector<uint32_t> links;
  for (int32_t away = 0; away <= std::max(before, kDaysAfter); ++away) {
    if (away <= before) AddLinks(groups, report.type(), day - away, links);
    if (away != 0 && away <= kDaysAfter) AddLinks(groups, report.type(), day + away, links);
  }
  if (publish_day < day - before || publish_day > day + kDaysAfter) AddLinks(groups, report.type(), publish_day, links);
  return links;
}

}  // namespace demarche::stories
