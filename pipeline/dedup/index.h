#ifndef DEMARCHE_PIPELINE_DEDUP_INDEX_H_
#define DEMARCHE_PIPELINE_DEDUP_INDEX_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "pipeline/document/document.h"

namespace demarche::dedup {

// Which items may be the original of another, in memory: a small entry for each item of the window. Items have numbers that follow
// each other. Not synchronised.
class Index {
 public:
  // Adds the item after the last; the first may have any number.
  void Add(uint64_t number, const document::Print& print);
  void RemoveFirst();
  void RemoveLast();
  // The item stays in the count but is found no more.
  void Hide(uint64_t number);
  // Takes back Hide.
  void Show(uint64_t number, const document::Print& print);
  // Takes back RemoveFirst.
  void AddFirst(uint64_t number, const document::Print& print);

  size_t size() const { return entries_.size(); }
  uint64_t first() const { return first_; }

  // The first item with the same text; 0 when there is none.
  uint64_t FindExact(uint64_t exact) const;
  // Items of whose text a part is in this one, ascending.
  std::vector<uint64_t> FindSimilar(const document::Print& print) const;

 private:
  static constexpr size_t kKept = 12;   // digests of a sketch
  static constexpr size_t kKeys = 7;    // digests that an item is found by
  static constexpr size_t kShared = 2;  // of the kept digests of two items, so that a closer look is worth it

  struct Entry {
    uint64_t exact = 0;
    std::array<uint32_t, kKept> sketch = {};  // the smallest; 0 behind the end
  };

  Entry& At(uint64_t number) { return entries_[number - first_]; }
  const Entry& At(uint64_t number) const { return entries_[number - first_]; }
  static Entry Make(const document::Print& print);
  void Link(uint64_t number, const Entry& entry);
  void Unlink(uint64_t number, const Entry& entry);

  uint64_t first_ = 1;
  std::deque<Entry> entries_;
  // By half of a digest, the low half of the number of the first item that has it.
  absl::flat_hash_map<uint32_t, uint32_t> by_exact_;
  absl::flat_hash_map<uint32_t, uint32_t> by_key_;
};

}  // namespace demarche::dedup

#endif  // DEMARCHE_PIPELINE_DEDUP_INDEX_H_
