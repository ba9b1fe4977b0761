#ifndef DEMARCHE_TESTS_SUPPORT_STREAM_VALIDATOR_H_
#define DEMARCHE_TESTS_SUPPORT_STREAM_VALIDATOR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace demarche::testing_support {

// A revision as a watch was sent it, or should have been.
struct Seen {
  std::string position{};
  std::string event_id{};
  uint32_t revision = 1;
  uint32_t matched_filters = 1;
  bool filter_exit = false;

  friend bool operator==(const Seen&, const Seen&) = default;
};

// Compares what a watch was sent over all its sessions with what it should have been: each matching revision once, in order, as it
// is. Gives what is wrong, in words; no more than ten faults.
inline std::vector<std::string> FindFaults(const std::vector<Seen>& expected, const std::vector<Seen>& seen) {
  constexpr size_t kMaxFaults = 10;
  std::vector<std::string> faults;
  size_t next = 0;  // of those expected
  for (size_t i = 0; i < seen.size() && faults.size() < kMaxFaults; ++i) {
    const Seen& one = seen[i];
    if (i > 0 && one.position <= seen[i - 1].position) {
      faults.push_back(absl::StrCat(one.position == seen[i - 1].position ? "repeated: " : "out of order: ", one.position));
      continue;
    }
    for (; next < expected.size() && expected[next].position < one.position; ++next) {
      faults.push_back(absl::StrCat("missing: ", expected[next].position));
    }
    if (next == expected.size() || expected[next].position != one.position) {
      faults.push_back(absl::StrCat("not wanted: ", one.position));
      continue;
    }
    if (!(expected[next] == one)) faults.push_back(absl::StrCat("altered: ", one.position));
    ++next;
  }
  for (; next < expected.size() && faults.size() < kMaxFaults; ++next) {
    faults.push_back(absl::StrCat("missing: ", expected[next].position));
  }
  return faults;
}

}  // namespace demarche::testing_support

#endif  // DEMARCHE_TESTS_SUPPORT_STREAM_VALIDATOR_H_
