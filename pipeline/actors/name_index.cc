#include "pipeline/actors/name_index.h"

#include <string>

namespace demarche::actors {
namespace {

// A word of a name in lower case matches any, one with a capital needs a capital, an acronym is matched exactly.
bool IsWrittenAs(const Name& name, const std::vector<Word>& words, size_t at) {
  for (size_t i = 0; i < name.shapes.size(); ++i) {
    if (words[at + i].shape < name.shapes[i]) return false;
  }
  return true;
}

}  // namespace

bool NameIndex::Add(Name name) {
  WordCutter cutter;
  const std::string lower = AsciiLower(name.text);
  cutter.Cut(name.text, lower, 0, name.text.size());
  if (cutter.words().empty()) return false;
  uint32_t node = 0;
  for (const Word& word : cutter.words()) {
    const uint32_t id = vocabulary_.try_emplace(std::string(word.lower), vocabulary_.size() + 1).first->second;
    const auto [edge, is_new] = edges_.try_emplace(Edge(node, id), names_.size());
    if (is_new) names_.emplace_back();
    node = edge->second;
    name.shapes.push_back(word.shape);
  }
  ++size_;
  for (Name& other : names_[node]) {
    if (other.kind == name.kind && other.index == name.index && other.text == name.text) return true;
  }
  names_[node].push_back(std::move(name));
  return true;
}

std::vector<uint32_t> NameIndex::IdsOf(const std::vector<Word>& words) const {
  std::vector<uint32_t> ids;
  ids.reserve(words.size());
  for (const Word& word : words) {
    const auto found = vocabulary_.find(word.lower);
    ids.push_back(found == vocabulary_.end() ? 0 : found->second);
  }
  return ids;
}

size_t NameIndex::Longest(const std::vector<Word>& words, const std::vector<uint32_t>& ids, size_t at,
                          std::vector<const Name*>& found) const {
  found.clear();
  size_t longest = 0;
  uint32_t node = 0;
  for (size_t i = at; i < words.size() && ids[i] != 0 && (i == at || words[i].joined); ++i) {
    const auto edge = edges_.find(Edge(node, ids[i]));
    if (edge == edges_.end()) break;
    node = edge->second;
    bool is_first = true;
    for (const Name& name : names_[node]) {
      if (!IsWrittenAs(name, words, at)) continue;
      if (is_first) found.clear();
      is_first = false;
      found.push_back(&name);
      longest = i + 1 - at;
    }
  }
  return longest;
}

}  // namespace demarche::actors
