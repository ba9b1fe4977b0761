#ifndef DEMARCHE_PIPELINE_SEGMENT_SEGMENT_H_
#define DEMARCHE_PIPELINE_SEGMENT_SEGMENT_H_

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "pipeline/stage/stage.h"

namespace demarche::segment {

inline constexpr size_t kMaxHeadingTokens = 16;  // a longer paragraph without a final stop is no heading

// Clean text to paragraphs, sentences and tokens, title first. An error of Make: a table is missing or broken.
absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeSegment();

}  // namespace demarche::segment

#endif  // DEMARCHE_PIPELINE_SEGMENT_SEGMENT_H_
