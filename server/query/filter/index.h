#ifndef DEMARCHE_SERVER_QUERY_FILTER_INDEX_H_
#define DEMARCHE_SERVER_QUERY_FILTER_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "demarche/stored/v1/record.pb.h"
#include "server/query/filter/anchor.h"
#include "server/query/filter/filter.h"

namespace demarche::query {

// Many filters over one stream: says which match a header and asks only those that may, found by the types, kinds and parties
// that they cannot do without. A filter that is added twice is kept and asked once. One thread at a time.
class FilterIndex {
 public:
  using Id = uint32_t;

  // The same text has the same id. Ids are small numbers, used again after the last Remove.
  Id Add(const Filter& filter);
  // Undoes one Add.
  void Remove(Id id);

  // Replaces `ids` by those of the filters that match, in no order.
  void FindMatches(const stored::v1::FilterHeader& header, std::vector<Id>& ids);

  size_t size() const { return by_text_.size(); }

 private:
  struct Entry {
    std::optional<Filter> filter;
    size_t users = 0;
    uint64_t asked = 0;  // the round in which it was asked last
  };

  void Ask(const std::vector<Id>& candidates, const stored::v1::FilterHeader& header, std::vector<Id>& ids);

  std::vector<Entry> entries_;  // by id
  std::vector<Id> unused_;
  absl::flat_hash_map<std::string, Id> by_text_;
  absl::flat_hash_map<std::string, std::vector<Id>> by_anchor_;
  std::vector<Id> others_;  // without anchors
  uint64_t round_ = 0;
  Anchors anchors_;  // of the header in question
};

}  // namespace demarche::query

#endif  // DEMARCHE_SERVER_QUERY_FILTER_INDEX_H_
