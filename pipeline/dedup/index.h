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
// each other. What it finds follows from the items that are in it, not from those that were. Not synchronised.
class Index {
 public:
  static constexpr size_t kKept = 12;  // digests of a sketch
  static constexpr size_t kKeys = 7;   // digests that an item is found by

  struct Entry {
    uint64_t exact = 0;
    std::array<uint32_t, kKept> sketch = {};    // the smallest; 0 behind the end
    std::array<uint32_t, 1 + kKeys> next = {};  // for the text and each key: the next item that has it; from the last, the first
  };
  static Entry EntryOf(const document::Print& print);

  // Adds the item after the last; the first may have any number.
  void Add(uint64_t number, const document::Print& print);
  void RemoveLast();
  Entry RemoveFirst();
  // Takes back RemoveFirst.
  void AddFirst(uint64_t number, const Entry& entry);
  // The item stays in the count but is found no more.
  Entry Hide(uint64_t number);
  // Takes back Hide.
  void Show(uint64_t number, const Entry& entry);

  size_t size() const { return size_; }
  uint64_t first() const { return first_; }

  // The first item with the same text; 0 when there is none.
  uint64_t FindExact(uint64_t exact) const;
  // Items of whose text a part is in this one, the likeliest first; of equals the earlier.
  std::vector<uint64_t> FindSimilar(const document::Print& print) const;

 private:
  static constexpr size_t kShared = 2;  // of the kept digests of two items, so that a closer look is worth it

  static constexpr size_t kBlock = 64;
  using Block = std::array<Entry, kBlock>;

  // Digests by which items are found: that of the whole text, and the first of the sketch.
  enum class By { kText, kKey };
  // The last item, low half of its number, of those that have a digest, by half of that.
  using Lasts = absl::flat_hash_map<uint32_t, uint32_t>;

  Entry& At(uint64_t number) { return blocks_[number / kBlock - first_ / kBlock][number % kBlock]; }
  const Entry& At(uint64_t number) const { return blocks_[number / kBlock - first_ / kBlock][number % kBlock]; }
  uint64_t NumberOf(uint32_t low) const { return first_ + static_cast<uint32_t>(low - static_cast<uint32_t>(first_)); }

  static size_t SlotOf(const Entry& entry, By by, uint32_t digest);
  uint32_t& NextOf(uint64_t number, By by, uint32_t digest) { return At(number).next[SlotOf(At(number), by, digest)]; }
  uint64_t FirstOf(By by, uint32_t digest) const;
  void Link(uint64_t number);
  void Unlink(uint64_t number);
  void Insert(uint64_t number, By by, uint32_t digest);
  void Extract(uint64_t number, By by, uint32_t digest);

  uint64_t first_ = 1;
  size_t size_ = 0;
  std::deque<Block> blocks_;  // entries of numbers that agree but for the last bits, from that of first_ on
  Lasts by_text_;
  Lasts by_key_;
};

}  // namespace demarche::dedup

#endif  // DEMARCHE_PIPELINE_DEDUP_INDEX_H_
