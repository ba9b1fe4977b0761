#ifndef DEMARCHE_PIPELINE_ACTORS_NAME_INDEX_H_
#define DEMARCHE_PIPELINE_ACTORS_NAME_INDEX_H_

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "pipeline/actors/words.h"
#include "pipeline/document/strings.h"

namespace demarche::actors {

// What a name stands for.
enum class NameKind : uint8_t {
  kNothing,  // an outlet, a treaty, a sea: no actor, but it takes its words away
  kState,
  kAdjective,  // of a state
  kPeople,     // of a state
  kSeat,       // capital or organ of a state
  kPlace,      // city or region of a state
  kOrganization,
  kOrganizationAdjective,
  kOrganizationNoun,  // 'the alliance': only for one that was named
  kPerson,
  kRole,
};

// A name of the tables.
struct Name {
  NameKind kind = NameKind::kNothing;
  uint32_t index = 0;          // row in its table
  bool is_main = false;        // the usual form, the full name
  bool needs_support = false;  // mark ?
  bool is_common = false;      // mark ~
  bool is_plural = false;      // of a role noun
  bool is_region = false;      // of a part of the state: its leader is not the state\'s
  std::string_view sector;     // of a seat
  std::string_view text;       // as written in the table
  std::vector<Shape> shapes;   // of its words
};

// All names as a trie over words. Built once, then immutable and shared by all workers.
class NameIndex {
 public:
  // Words of the name must be there; false when it has none.
  bool Add(Name name);

  // The longest run of words from `at` that is a name written as it must be, and all names of that run.
  // 0 when there is none.
  size_t Longest(const std::vector<Word>& words, const std::vector<uint32_t>& ids, size_t at,
                 std::vector<const Name*>& found) const;

  // Numbers of words; 0 for one that no name has.
  std::vector<uint32_t> IdsOf(const std::vector<Word>& words) const;
  size_t size() const { return size_; }

 private:
  static uint64_t Edge(uint32_t node, uint32_t word) { return static_cast<uint64_t>(node) << 32 | word; }

  StringMap<uint32_t> vocabulary_;
  absl::flat_hash_map<uint64_t, uint32_t> edges_;
  std::vector<std::vector<Name>> names_{1};  // by node; node 0 is the root
  size_t size_ = 0;
};

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_NAME_INDEX_H_
