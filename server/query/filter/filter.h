#ifndef DEMARCHE_SERVER_QUERY_FILTER_FILTER_H_
#define DEMARCHE_SERVER_QUERY_FILTER_FILTER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "demarche/stored/v1/record.pb.h"
#include "server/query/filter/comparison.h"
#include "server/query/filter/scanner.h"

namespace demarche::query {

// A compiled filter: which events a watch or a list wants. Made once from the text of a request (the language is described
// in server/query/README.md), then asked for every revision. Immutable: copies are independent, any thread may ask.
class Filter {
 public:
  // INVALID_ARGUMENT 'filter, column N: ...' when the text is no filter; `error`, when given, then holds the same in parts.
  // The empty text matches every event.
  static absl::StatusOr<Filter> Compile(std::string_view text, FilterError* error = nullptr);

  bool Matches(const stored::v1::FilterHeader& header) const {
    size_t next = start_;
    while (next < steps_.size()) next = steps_[next].comparison.Holds(header) ? steps_[next].on_true : steps_[next].on_false;
    return next == kAccept;
  }

  const std::string& text() const { return text_; }
  bool matches_all() const { return start_ == kAccept; }
  // A header without any of these anchors (anchor.h) does not match; empty when nothing of the sort is known.
  const std::vector<std::string>& anchors() const { return anchors_; }

 private:
  friend class Compiler;

  // A comparison and where to go on after it: AND, OR and NOT are these jumps.
  struct Step {
    Comparison comparison;
    size_t on_true;
    size_t on_false;
  };
  static constexpr size_t kAccept = static_cast<size_t>(-1);
  static constexpr size_t kReject = static_cast<size_t>(-2);

  Filter() = default;

  std::string text_;
  std::vector<std::string> anchors_;
  std::vector<Step> steps_;
  size_t start_ = kAccept;
};

}  // namespace demarche::query

#endif  // DEMARCHE_SERVER_QUERY_FILTER_FILTER_H_
