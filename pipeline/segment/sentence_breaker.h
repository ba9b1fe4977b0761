#ifndef DEMARCHE_PIPELINE_SEGMENT_SENTENCE_BREAKER_H_
#define DEMARCHE_PIPELINE_SEGMENT_SENTENCE_BREAKER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "pipeline/document/span.h"
#include "pipeline/segment/word_lists.h"

namespace demarche::segment {

inline constexpr size_t kMaxSentenceTokens = 400;  // longer sentences are cut

// Finds where the sentences of one paragraph end. Made for one paragraph; time is linear.
class SentenceBreaker {
 public:
  // Views outlive the breaker. `lower` is `text` in lower case; `tokens` are those of the paragraph.
  SentenceBreaker(std::string_view text, std::string_view lower, const std::vector<document::Span>& tokens, const WordLists& lists)
      : text_(text), lower_(lower), tokens_(tokens), lists_(lists) {}

  // The end of each sentence as an index into the tokens, ascending; the last is tokens.size(). A title is one sentence.
  std::vector<size_t> Break(bool is_title) const;

 private:
  enum class Stop { kNone, kPeriod, kQuestion, kEllipsis, kAbbreviation };

  Stop StopAt(size_t token) const;
  bool IsBoundary(Stop stop, size_t last, size_t next) const;
  bool StartsSentence(size_t token) const;
  bool IsSpeechAhead(size_t token) const;
  size_t CutLong(size_t begin, size_t end) const;

  bool SpaceBefore(size_t token) const { return token == 0 || tokens_[token - 1].end < tokens_[token].begin; }
  std::string_view Text(size_t token) const { return text_.substr(tokens_[token].begin, tokens_[token].size()); }
  std::string_view Lower(size_t token) const { return lower_.substr(tokens_[token].begin, tokens_[token].size()); }

  const std::string_view text_;
  const std::string_view lower_;
  const std::vector<document::Span>& tokens_;
  const WordLists& lists_;
};

}  // namespace demarche::segment

#endif  // DEMARCHE_PIPELINE_SEGMENT_SENTENCE_BREAKER_H_
