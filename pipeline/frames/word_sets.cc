#include "pipeline/frames/word_sets.h"

#include <algorithm>
#include <utility>

namespace demarche::frames {

uint32_t WordSets::Add(const StringSet& words) {
  std::vector<std::string> sorted(words.begin(), words.end());
  std::sort(sorted.begin(), sorted.end());
  const auto [entry, is_new] = numbers_.try_emplace(std::move(sorted), static_cast<uint32_t>(numbers_.size()));
  if (is_new) {
    for (const std::string& word : words) of_word_[word].push_back(entry->second);
  }
  return entry->second;
}

const std::vector<uint32_t>* WordSets::Of(std::string_view word) const {
  const auto found = of_word_.find(word);
  return found == of_word_.end() ? nullptr : &found->second;
}

Presence::Presence(const WordSets& sets, const document::Sentence& sentence) : has_(sets.size()) {
  const auto mark = [&](std::string_view word) {
    const std::vector<uint32_t>* found = sets.Of(word);
    if (found == nullptr) return;
    for (const uint32_t set : *found) has_[set] = true;
  };
  for (const document::Token& token : sentence.tokens) {
    mark(token.lower);
    if (token.lemma != token.lower) mark(token.lemma);
  }
}

bool Presence::HasAll(const std::vector<uint32_t>& sets) const {
  return std::all_of(sets.begin(), sets.end(), [&](uint32_t set) { return has_[set]; });
}

}  // namespace demarche::frames
