#ifndef DEMARCHE_PIPELINE_ACTORS_WORDS_H_
#define DEMARCHE_PIPELINE_ACTORS_WORDS_H_

#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

namespace demarche::actors {

// How a word is written.
// The bits of a shape are among those of a stricter one.
enum class Shape : uint8_t { kLower = 0, kCapital = 1, kUpper = 3 };

// A run of letters and digits. Names and text are cut by the same rule, whatever a tokenizer does with hyphens, full stops
// and apostrophes: "U.S." is U + S, "al-Shabaab" al + Shabaab, "N'Djamena" N + Djamena.
struct Word {
  uint32_t begin = 0;  // bytes in the text
  uint32_t end = 0;
  Shape shape = Shape::kLower;
  bool joined = false;     // only spaces, hyphens, full stops, apostrophes, & and / stand between it and the word before
  uint32_t number = 0;     // in a NameIndex; 0 for a word that no name has, and until it was asked
  std::string_view lower;  // ASCII lower case without diacritics
};

// Cuts texts into words. May be used again and again, which spares memory; the words last until the next time.
class WordCutter {
 public:
  // Cuts `text` from byte `begin` to `end`; `lower` is the same text with ASCII letters in lower case, byte for byte beside it.
  void Cut(std::string_view text, std::string_view lower, uint32_t begin, uint32_t end);
  std::vector<Word>& words() { return words_; }

 private:
  std::vector<Word> words_;
  std::forward_list<std::string> folded_;  // words that had to be rewritten
};

// ASCII letters in lower case; Latin letters lose their diacritics ("Erdoğan" gives "erdogan").
std::string Fold(std::string_view text);

// Every ASCII letter in lower case, byte for byte.
std::string AsciiLower(std::string_view text);

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_WORDS_H_
