#include "pipeline/actors/name_index.h"

#include <algorithm>
#include <cstring>

namespace demarche::actors {
namespace {

constexpr int kShapeBits = 2;
constexpr size_t kAhead = 4;  // words between asking for a slot, which seldom is in the nearest cache, and using it
constexpr uint64_t kPrime1 = 0x9E3779B97F4A7C15, kPrime2 = 0xC2B2AE3D27D4EB4F;

template <typename Integer>
uint64_t Load(const char* bytes) {
  Integer value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

// Of its length and its first and last bytes: what lies between seldom tells apart words of the same length. Not for storing.
inline uint64_t HashOf(std::string_view word) {
  const char* bytes = word.data();
  const size_t size = word.size();
  uint64_t head = 0, tail = 0;
  if (size >= 8) {
    head = Load<uint64_t>(bytes), tail = Load<uint64_t>(bytes + size - 8);
  } else if (size >= 4) {
    head = Load<uint32_t>(bytes), tail = Load<uint32_t>(bytes + size - 4);
  } else {
    for (size_t i = 0; i < size; ++i) head = head << 8 | static_cast<unsigned char>(bytes[i]);
  }
  uint64_t hash = (head ^ size * kPrime2) * kPrime1;
  hash = (hash ^ hash >> 29 ^ tail) * kPrime2;
  return hash ^ hash >> 32;
}

uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }

}  // namespace

uint32_t NameIndex::NumberOf(std::string_view word) const {
  const uint64_t hash = HashOf(word);
  for (size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.number == 0 || (slot.tag == TagOf(hash) && words_[slot.number] == word)) return slot.number;
  }
}

uint32_t NameIndex::AddWord(std::string_view word) {
  if (const uint32_t number = NumberOf(word); number != 0) return number;
  const auto number = static_cast<uint32_t>(words_.size());
  words_.emplace_back(word);
  first_.emplace_back();
  if (2 * words_.size() > slots_.size()) {
    Rehash();
  } else {
    Place(number);
  }
  return number;
}

void NameIndex::Place(uint32_t number) {
  const uint64_t hash = HashOf(words_[number]);
  size_t at = hash & (slots_.size() - 1);
  while (slots_[at].number != 0) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {TagOf(hash), number};
}

void NameIndex::Rehash() {
  slots_.assign(2 * slots_.size(), {});
  for (uint32_t number = 1; number < words_.size(); ++number) Place(number);
}

uint32_t NameIndex::AddNode(uint32_t from, const Word& word) {
  const uint32_t number = AddWord(word.lower);
  uint32_t& to = from == 0 ? first_[number].node : edges_[Edge(from, number)];
  if (from == 0) first_[number].needed = std::min(first_[number].needed, word.shape);
  if (to == 0) {
    to = static_cast<uint32_t>(nodes_.size());
    nodes_[from].is_inner = true;
    nodes_.emplace_back();
  }
  return to;
}

bool NameIndex::Add(Name name) {
  WordCutter cutter;
  const std::string lower = AsciiLower(name.text);
  cutter.Cut(name.text, lower, 0, name.text.size());
  if (cutter.words().empty() || cutter.words().size() > kMaxWords) return false;
  uint32_t node = 0;
  for (const Word& word : cutter.words()) {
    node = AddNode(node, word);
    name.shapes |= static_cast<uint64_t>(word.shape) << kShapeBits * name.word_count++;
  }
  ++size_;
  nodes_[node].needed &= name.shapes;
  for (const Name& other : nodes_[node].names) {
    if (other.kind == name.kind && other.index == name.index && other.text == name.text) return true;
  }
  nodes_[node].names.push_back(name);
  return true;
}

void NameIndex::Number(std::vector<Word>& words) const {
  for (size_t i = 0; i < words.size(); ++i) {
    if (i + kAhead < words.size()) __builtin_prefetch(&slots_[HashOf(words[i + kAhead].lower) & (slots_.size() - 1)]);
    words[i].number = NumberOf(words[i].lower);
    __builtin_prefetch(&first_[words[i].number]);
  }
}

size_t NameIndex::Longest(const std::vector<Word>& words, size_t at, std::vector<const Name*>& found) const {
  found.clear();
  size_t longest = 0;
  const First& first = first_[words[at].number];
  if (first.needed > words[at].shape) return 0;
  uint64_t written = 0;
  uint32_t number = first.node;
  for (size_t length = 1; number != 0; ++length) {
    const Node& node = nodes_[number];
    // A word of a name in lower case matches any, one with a capital needs a capital, an acronym is matched exactly.
    written |= static_cast<uint64_t>(words[at + length - 1].shape) << kShapeBits * (length - 1);
    if ((node.needed & ~written) == 0) {
      for (const Name& name : node.names) {
        if ((name.shapes & ~written) != 0) continue;
        if (longest != length) found.clear();
        longest = length;
        found.push_back(&name);
      }
    }
    if (!node.is_inner || at + length == words.size()) break;
    const Word& next = words[at + length];
    if (next.number == 0 || !next.joined) break;
    const auto edge = edges_.find(Edge(number, next.number));
    number = edge == edges_.end() ? 0 : edge->second;
  }
  return longest;
}

}  // namespace demarche::actors
