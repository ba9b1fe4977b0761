#include "pipeline/actors/name_index.h"

#include <algorithm>

namespace demarche::actors {
namespace {

constexpr int kShapeBits = 2;

}  // namespace

uint32_t NameIndex::AddNode(uint32_t from, const Word& word) {
  const auto [entry, is_new] = vocabulary_.try_emplace(std::string(word.lower), static_cast<uint32_t>(first_.size()));
  if (is_new) first_.emplace_back();
  const uint32_t number = entry->second;
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
  for (Word& word : words) {
    const auto found = vocabulary_.find(word.lower);
    word.number = found == vocabulary_.end() ? 0 : found->second;
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
