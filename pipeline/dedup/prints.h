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

// Of the smallest digests of two sketches together: how many were looked at, and how many are in both.
struct Common {
  size_t seen = 0;
  size_t shared = 0;
};
// Looks at `most` of them, or up to the end of the one that ends first. Sketches are ascending.
template <typename A, typename B>
Common CompareSketches(const A& a, const B& b, size_t most) {
  Common common;
  auto left = a.begin();
  auto right = b.begin();
  for (; common.seen < most && left != a.end() && right != b.end(); ++common.seen) {
    const bool takes_left = *left <= *right, takes_right = *right <= *left;
    common.shared += takes_left && takes_right;
    left += takes_left;
    right += takes_right;
  }
  return common;
}

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
