#ifndef DEMARCHE_SERVER_SUBSCRIPTION_MATCH_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_MATCH_H_

#include <cstdint>

namespace demarche::subscription {

// What the filters of a watch say of a revision.
struct Match {
  uint32_t filters = 0;  // bit i: filter i matches
  bool is_exit = false;  // a filter matched the revision before and does not match this one

  bool is_wanted() const { return filters != 0 || is_exit; }
  friend bool operator==(const Match&, const Match&) = default;
};

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_MATCH_H_
