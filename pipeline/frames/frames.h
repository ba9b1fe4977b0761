#ifndef DEMARCHE_PIPELINE_FRAMES_FRAMES_H_
#define DEMARCHE_PIPELINE_FRAMES_FRAMES_H_

#include <memory>

#include "absl/status/statusor.h"
#include "pipeline/frames/lexicon.h"
#include "pipeline/resources/ontology/ontology.h"
#include "pipeline/stage/stage.h"

namespace demarche::frames {

// The `frames` stage: readings of triggers with their parties. Errors name file and line of a table.
absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeFrames(std::shared_ptr<const ontology::Ontology> ontology,
                                                               std::shared_ptr<const Lexicon> lexicon);

}  // namespace demarche::frames

#endif  // DEMARCHE_PIPELINE_FRAMES_FRAMES_H_
