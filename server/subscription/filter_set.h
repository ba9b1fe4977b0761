#ifndef DEMARCHE_SERVER_SUBSCRIPTION_FILTER_SET_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_FILTER_SET_H_

#include <string>
#include <vector>

#include "demarche/stored/v1/record.pb.h"
#include "server/query/filter/filter.h"
#include "server/subscription/match.h"

namespace demarche::subscription {

// A filter that stood in the place of another before: what it matched leaves when the other does not match it.
struct FormerFilter {
  query::Filter filter;
  int bit = 0;  // of the other
};

// The filters of a watch, in the order of the bits of Match::filters. Immutable.
class FilterSet {
 public:
  explicit FilterSet(std::vector<query::Filter> filters, std::vector<FormerFilter> former = {})
      : filters_(std::move(filters)), former_(std::move(former)) {}

  Match MatchOf(const stored::v1::StoredEvent& event) const {
    Match match;
    for (size_t i = 0; i < filters_.size(); ++i) {
      if (filters_[i].Matches(event.header())) {
        match.filters |= uint32_t{1} << i;
      } else if (event.has_previous_header() && filters_[i].Matches(event.previous_header())) {
        match.is_exit = true;
      }
    }
    for (const FormerFilter& former : former_) {
      const bool matches = (match.filters >> former.bit & 1) != 0;
      match.is_exit |= !matches && event.has_previous_header() && former.filter.Matches(event.previous_header());
    }
    return match;
  }

  const std::vector<query::Filter>& filters() const { return filters_; }
  const std::vector<FormerFilter>& former() const { return former_; }
  // Whether it is one filter that matches all: every revision has the same Match.
  bool matches_all() const { return filters_.size() == 1 && filters_[0].matches_all(); }
  // The same for sets of the same filters.
  std::string Key() const {
    std::string key;
    if (matches_all()) return key;
    for (const query::Filter& filter : filters_) key += std::to_string(filter.text().size()) + ':' + filter.text();
    for (const FormerFilter& former : former_) {
      key += '|' + std::to_string(former.bit) + ',' + std::to_string(former.filter.text().size()) + ':' + former.filter.text();
    }
    return key;
  }

 private:
  std::vector<query::Filter> filters_;
  std::vector<FormerFilter> former_;
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_FILTER_SET_H_
