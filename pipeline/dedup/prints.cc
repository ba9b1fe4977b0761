#include "pipeline/dedup/prints.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "pipeline/document/hash.h"

namespace demarche::dedup {
namespace {

constexpr size_t kSequenceWords = 3;
constexpr size_t kLongWordBytes = 4;
constexpr size_t kLongWords = 2;  // that a sequence needs: 'in a statement' stands in every second text

struct Word {
  uint64_t digest;
  bool is_long;
};

bool IsLetter(unsigned char byte) { return !absl::ascii_isascii(byte) || absl::ascii_isalnum(byte); }

void AddWords(std::string_view text, std::vector<Word>& words) {
  std::string word;
  for (size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && IsLetter(static_cast<unsigned char>(text[at]))) {
      word.push_back(absl::ascii_tolower(static_cast<unsigned char>(text[at])));
    } else if (!word.empty()) {
      words.push_back({Digest64(word), word.size() >= kLongWordBytes});
      word.clear();
    }
  }
}

uint64_t Combine(uint64_t digest, uint64_t word) { return Digest64({reinterpret_cast<const char*>(&word), sizeof word}, digest); }

uint64_t DigestOf(const std::vector<Word>& words) {
  uint64_t digest = 0;
  for (const Word& word : words) digest = Combine(digest, word.digest);
  return digest;
}

std::vector<uint32_t> Sketch(const std::vector<Word>& words) {
  std::vector<uint32_t> digests;
  for (size_t at = 0; at + kSequenceWords <= words.size(); ++at) {
    uint64_t digest = 0;
    size_t long_words = 0;
    for (size_t i = at; i < at + kSequenceWords; ++i) {
      digest = Combine(digest, words[i].digest);
      long_words += words[i].is_long;
    }
    if (long_words >= kLongWords) digests.push_back(static_cast<uint32_t>(digest));
  }
  std::sort(digests.begin(), digests.end());
  digests.erase(std::unique(digests.begin(), digests.end()), digests.end());
  if (digests.size() > kSketchDigests) digests.resize(kSketchDigests);
  digests.shrink_to_fit();
  return digests;
}

}  // namespace

uint64_t SentenceDigest(std::string_view clean) {
  std::vector<Word> words;
  AddWords(clean, words);
  return DigestOf(words);
}

absl::Status Prints::Process(document::Document& document) const {
  document::Print& print = document.print;
  std::vector<Word> body;
  AddWords(document.text(document::Field::kBody).text, body);
  print.sketch = Sketch(body);
  print.exact = Digest64(document.item.body(), Digest64(document.item.title()));
  for (const document::Sentence& sentence : document.sentences) {
    const std::string_view text = document.text(sentence.field).text;
    print.sentences.push_back(SentenceDigest(text.substr(sentence.span.begin, sentence.span.end - sentence.span.begin)));
  }
  std::sort(print.sentences.begin(), print.sentences.end());
  print.sentences.erase(std::unique(print.sentences.begin(), print.sentences.end()), print.sentences.end());
  return absl::OkStatus();
}

}  // namespace demarche::dedup
