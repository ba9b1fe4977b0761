#ifndef DEMARCHE_PIPELINE_ACTORS_NAME_INDEX_H_
#define DEMARCHE_PIPELINE_ACTORS_NAME_INDEX_H_

#include <cstdint>
#include <string>
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

// Whether it stands for a state or an organisation.
inline bool IsBody(NameKind kind) { return kind != NameKind::kNothing && kind != NameKind::kPerson && kind != NameKind::kRole; }

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
  uint8_t word_count = 0;
  uint64_t shapes = 0;  // of its words, the first in the lowest bits
};

// All names as a trie over words. Built once, then immutable and shared by all workers.
class NameIndex {
 public:
  static constexpr size_t kMaxWords = 32;  // of a name

  // The text must outlive the index. False when it has no word, or too many.
  bool Add(Name name);

  // Finds the numbers of words, which Longest asks for.
  void Number(std::vector<Word>& words) const;

  // The longest run of words from `at` that is a name written as it must be, and all names of that run.
  // 0 when there is none.
  size_t Longest(const std::vector<Word>& words, size_t at, std::vector<const Name*>& found) const;

  size_t size() const { return size_; }

 private:
  struct Node {
    uint64_t needed = ~uint64_t{0};  // shapes that all its names ask for
    bool is_inner = false;           // longer names go on from it
    std::vector<Name> names;         // that end at it
  };
  // Where the names begin that have a word as their first.
  struct First {
    uint32_t node = 0;             // 0 when there are none
    Shape needed = Shape::kUpper;  // how the word must be written for any of them
  };
  static uint64_t Edge(uint32_t node, uint32_t word) { return static_cast<uint64_t>(node) << 32 | word; }

  uint32_t AddNode(uint32_t from, const Word& word);

  StringMap<uint32_t> vocabulary_;                 // numbers of words, from 1
  std::vector<First> first_{1};                    // by number
  absl::flat_hash_map<uint64_t, uint32_t> edges_;  // to the nodes of further words
  std::vector<Node> nodes_{1};                     // node 0 is the root
  size_t size_ = 0;
};

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_NAME_INDEX_H_
