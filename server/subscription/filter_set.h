#ifndef DEMARCHE_SERVER_SUBSCRIPTION_FILTER_SET_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_FILTER_SET_H_

#include <string>
#include <vector>

#include "demarche/stored/v1/record.pb.h"
#include "server/query/filter/filter.h"
#include "server/subscription/match.h"

namespace demarche::subscription {

// The filters of a watch, in the order of the bits of Match::filters. Immutable.
class FilterSet {
 public:
  explicit FilterSet(std::vector<query::Filter> filters) : filters_(std::move(filters)) {}

  Match MatchOf(const stored::v1::StoredEvent& event) const {
    Match match;
    for (size_t i = 0; i < filters_.size(); ++i) {
      if (filters_[i].Matches(event.header())) {
        match.filters |= uint32_t{1} << i;
      } else if (event.has_previous_header() && filters_[i].Matches(event.previous_header())) {
        match.is_exit = true;
      }
    }
    return match;
  }

  const std::vector<query::Filter>& filters() const { return filters_; }
  // Whether it is one filter that matches all: every revision has the same Match.
  bool matches_all() const { return filters_.size() == 1 && filters_[0].matches_all(); }
  // The same for sets of the same filters.
  std::string Key() const {
    std::string key;
    if (matches_all()) return key;
    for (const query::Filter& filter : filters_) key += std::to_string(filter.text().size()) + ':' + filter.text();
    return key;
  }

 private:
  std::vector<query::Filter> filters_;
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_FILTER_SET_H_
