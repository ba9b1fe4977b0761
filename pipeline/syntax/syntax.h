#ifndef DEMARCHE_PIPELINE_SYNTAX_SYNTAX_H_
#define DEMARCHE_PIPELINE_SYNTAX_SYNTAX_H_

#include <memory>

#include "absl/status/statusor.h"
#include "pipeline/stage/stage.h"

namespace demarche::syntax {

// Gives the tokens of gated sentences their part of speech and lemma. An error of Make: a table is missing or broken.
absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeSyntax();

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_SYNTAX_H_
