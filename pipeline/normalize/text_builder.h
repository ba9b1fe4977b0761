#ifndef DEMARCHE_PIPELINE_NORMALIZE_TEXT_BUILDER_H_
#define DEMARCHE_PIPELINE_NORMALIZE_TEXT_BUILDER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/document/clean_text.h"
#include "pipeline/document/span.h"

namespace demarche::normalize {

// Combining marks that may follow one character; further ones are dropped, which keeps composition linear.
inline constexpr int kMaxCombiningMarks = 30;

// Collects the text of one field front to back and makes it clean: white space collapses, invisible and control characters go,
// paragraphs are separated by one '\n', the result is in NFC. The readers feed it; Finish ends its life.
class TextBuilder {
 public:
  // `received` must be valid UTF-8 and outlive the builder.
  explicit TextBuilder(std::string_view received) : received_(received) {}

  // Text that stands as received.
  void Copy(document::Span span);
  // A character that stands for received bytes, such as an entity.
  void Replace(document::Span span, int32_t code_point);
  // What comes after belongs to another paragraph; `span` is what says so.
  void EndParagraph(document::Span span);

  document::CleanText Finish();

 private:
  // A run of the text before composition: either equal bytes, or bytes that stand for the received ones as a whole.
  struct Run {
    uint32_t clean;
    document::Span received;
    bool copied;
  };
  enum class Gap : uint8_t { kNone, kSpace, kParagraph };

  void Add(document::Span span, int32_t code_point, bool copied);
  void AddBytes(document::Span span, std::string_view bytes, bool copied);
  void OpenGap(Gap gap, document::Span span);
  void CloseGap();
  void AppendMap(document::Span clean, document::OffsetMap& map) const;
  void AppendComposed(document::Span clean, uint32_t size, document::OffsetMap& map) const;
  size_t RunAt(uint32_t clean) const;

  const std::string_view received_;
  std::string text_;
  std::vector<Run> runs_;
  Gap gap_ = Gap::kNone;
  document::Span gap_span_;
  int marks_ = 0;
  bool ascii_ = true;
};

}  // namespace demarche::normalize

#endif  // DEMARCHE_PIPELINE_NORMALIZE_TEXT_BUILDER_H_
