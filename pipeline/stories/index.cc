#include "pipeline/stories/index.h"

#include <algorithm>
#include <functional>
#include <string>

#include "pipeline/document/hash.h"
#include "pipeline/document/parties.h"
#include "pipeline/stories/match.h"

namespace demarche::stories {
namespace {

constexpr size_t kMostParties = 6;  // that an event is found by
constexpr int kDaysBefore = 7;
constexpr int kDaysAfter = 3;
constexpr int kPlannedDaysBefore = 21;

uint32_t KeyFor(int family, const std::string& code, int32_t day) {
  return static_cast<uint32_t>(Digest64(code, static_cast<uint64_t>(family) << 32 | static_cast<uint32_t>(day)));
}

void AddKeys(const v1::DiplomaticEvent& event, int32_t day, stored::v1::EventKeys& keys) {
  size_t count = 0;
  for (const std::string& code : document::PartiesOf(event)) {
    if (count++ < kMostParties) keys.add_keys(KeyFor(FamilyOf(event.type()), code, day));
  }
}

void SetParties(const v1::DiplomaticEvent& event, stored::v1::EventKeys& keys) {
  uint32_t bits = 0;
  for (const std::string& code : document::PartiesOf(event)) bits |= uint32_t{1} << (Digest64(code) & 31);
  keys.set_parties(bits);
}

}  // namespace

stored::v1::EventKeys KeysOf(const v1::DiplomaticEvent& event, int32_t publish_day) {
  stored::v1::EventKeys keys;
  SetParties(event, keys);
  const int32_t day = DayOf(event.event_date());
  AddKeys(event, day != 0 ? day : publish_day, keys);
  // Plans are told of long before their day, and often without it.
  if (event.factuality() == v1::FACTUALITY_PLANNED && day != 0 && day != publish_day) AddKeys(event, publish_day, keys);
  return keys;
}

stored::v1::EventKeys SearchKeysOf(const v1::DiplomaticEvent& event, int32_t publish_day) {
  stored::v1::EventKeys keys;
  SetParties(event, keys);
  const int32_t dated = DayOf(event.event_date());
  const int32_t day = dated != 0 ? dated : publish_day;
  const int32_t before = event.factuality() == v1::FACTUALITY_ACTUAL ? kPlannedDaysBefore : kDaysBefore;
  for (int32_t at = day - before; at <= day + kDaysAfter; ++at) AddKeys(event, at, keys);
  if (publish_day < day - before || publish_day > day + kDaysAfter) AddKeys(event, publish_day, keys);
  return keys;
}

void Index::Add(uint32_t number, const stored::v1::EventKeys& keys) {
  for (const uint32_t key : keys.keys()) {
    uint32_t& first = first_[key];
    const Node node{number, keys.parties(), first};
    if (free_ == 0) {
      first = static_cast<uint32_t>(nodes_.size());
      nodes_.push_back(node);
    } else {
      first = free_;
      free_ = nodes_[free_].next;
      nodes_[first] = node;
    }
  }
}

void Index::Remove(uint32_t number, const stored::v1::EventKeys& keys) {
  for (const uint32_t key : keys.keys()) {
    const auto found = first_.find(key);
    if (found == first_.end()) continue;
    uint32_t* link = &found->second;
    while (*link != 0 && nodes_[*link].number != number) link = &nodes_[*link].next;
    if (*link == 0) continue;
    const uint32_t at = *link;
    *link = nodes_[at].next;
    nodes_[at].next = free_;
    free_ = at;
    if (found->second == 0) first_.erase(found);
  }
}

std::vector<uint32_t> Index::Find(const stored::v1::EventKeys& search) const {
  std::vector<uint32_t> numbers;
  for (const uint32_t key : search.keys()) {
    const auto found = first_.find(key);
    if (found == first_.end()) continue;
    for (uint32_t at = found->second; at != 0; at = nodes_[at].next) {
      const uint32_t common = nodes_[at].parties & search.parties();
      if (common == nodes_[at].parties || common == search.parties()) numbers.push_back(nodes_[at].number);
    }
  }
  std::sort(numbers.begin(), numbers.end(), std::greater<>());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

}  // namespace demarche::stories
