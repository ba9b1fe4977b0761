#ifndef DEMARCHE_PIPELINE_NORMALIZE_NORMALIZE_H_
#define DEMARCHE_PIPELINE_NORMALIZE_NORMALIZE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "pipeline/stage/stage.h"

namespace demarche::normalize {

// The first stage: title and body, HTML or plain, to clean text with its map back to the bytes received, and the language.
// INVALID_ARGUMENT names the field and byte offset of invalid UTF-8. An error of Make: its table is missing or broken.
absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeNormalize();

}  // namespace demarche::normalize

#endif  // DEMARCHE_PIPELINE_NORMALIZE_NORMALIZE_H_
