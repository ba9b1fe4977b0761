#ifndef DEMARCHE_PIPELINE_SEGMENT_TOKENIZER_H_
#define DEMARCHE_PIPELINE_SEGMENT_TOKENIZER_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "pipeline/document/span.h"
#include "pipeline/segment/word_lists.h"

namespace demarche::segment {

inline constexpr uint32_t kMaxTokenBytes = 256;  // longer words are cut

// Cuts one paragraph of clean text into tokens as the UD English treebanks do. Made for one paragraph; time is linear.
class Tokenizer {
 public:
  // `lower` is `text` in lower case. Both outlive the tokenizer.
  Tokenizer(std::string_view text, std::string_view lower, const WordLists& lists) : text_(text), lower_(lower), lists_(lists) {}

  // Appends the tokens of [begin, end) of the text.
  void Tokenize(uint32_t begin, uint32_t end, std::vector<document::Span>& tokens);

 private:
  // A chunk is what stands between spaces. Each of these returns the end of what it found at `at`; `at` when nothing.
  void TokenizeChunk(uint32_t begin, uint32_t end);
  uint32_t ScanAddress(uint32_t at) const;
  uint32_t ScanWord(uint32_t at) const;
  uint32_t ScanPunctuation(uint32_t at) const;
  uint32_t ScanClitic(uint32_t at) const;

  // Whether the sign at `at`, with a word character on either side, belongs to the word that began at `word`.
  bool Joins(uint32_t word, uint32_t segment, uint32_t at) const;
  bool JoinsPeriod(uint32_t segment, uint32_t at) const;
  bool JoinsHyphen(uint32_t word, uint32_t at) const;
  bool IsAbbreviation(uint32_t word, uint32_t period) const;
  bool IsInitial(uint32_t word, uint32_t period) const;

  void EmitWord(uint32_t begin, uint32_t end);
  uint32_t UnitAt(uint32_t begin, uint32_t end) const;
  uint32_t CliticAt(uint32_t begin, uint32_t end) const;
  void Emit(uint32_t begin, uint32_t end);

  // The first character after the spaces that follow `at`; 0 at the end of the paragraph.
  int32_t NextWordStart(uint32_t at) const;
  int32_t CodePoint(uint32_t at) const;
  char Byte(uint32_t at) const { return at < end_ ? text_[at] : '\0'; }

  const std::string_view text_;
  const std::string_view lower_;
  const WordLists& lists_;
  uint32_t chunk_end_ = 0;
  uint32_t end_ = 0;  // of the paragraph
  size_t first_token_ = 0;
  std::vector<document::Span>* tokens_ = nullptr;
};

}  // namespace demarche::segment

#endif  // DEMARCHE_PIPELINE_SEGMENT_TOKENIZER_H_
