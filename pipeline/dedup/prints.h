#ifndef DEMARCHE_PIPELINE_DEDUP_PRINTS_H_
#define DEMARCHE_PIPELINE_DEDUP_PRINTS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pipeline/document/document.h"
#include "pipeline/stage/stage.h"

namespace demarche::dedup {

inline constexpr size_t kSketchDigests = 64;

// The digest of a sentence's words: case, blanks and punctuation do not count.
uint64_t SentenceDigest(std::string_view clean);

// The `prints` stage: the digests that tell copies from other texts.
class Prints final : public stage::Stage {
 public:
  std::string_view name() const override { return "prints"; }
  uint32_t needs() const override { return stage::kText | stage::kSentences; }
  uint32_t gives() const override { return stage::kPrint; }
  absl::Status Process(document::Document& document) const override;
};

}  // namespace demarche::dedup

#endif  // DEMARCHE_PIPELINE_DEDUP_PRINTS_H_
