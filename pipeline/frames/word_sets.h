#ifndef DEMARCHE_PIPELINE_FRAMES_WORD_SETS_H_
#define DEMARCHE_PIPELINE_FRAMES_WORD_SETS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"

namespace demarche::frames {

// Numbers the sets of words that the elements of patterns ask for, so that one look at a sentence tells which of them it has.
class WordSets {
 public:
  uint32_t Add(const StringSet& words);

  size_t size() const { return numbers_.size(); }
  // Null when no set has the word.
  const std::vector<uint32_t>* Of(std::string_view word) const;

 private:
  std::map<std::vector<std::string>, uint32_t> numbers_;  // by words, sorted
  StringMap<std::vector<uint32_t>> of_word_;
};

// Which sets a sentence has a word of, by form or lemma.
class Presence {
 public:
  Presence(const WordSets& sets, const document::Sentence& sentence);

  bool HasAll(const std::vector<uint32_t>& sets) const;

 private:
  std::vector<bool> has_;
};

}  // namespace demarche::frames

#endif  // DEMARCHE_PIPELINE_FRAMES_WORD_SETS_H_
