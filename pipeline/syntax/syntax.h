#ifndef DEMARCHE_PIPELINE_SYNTAX_SYNTAX_H_
#define DEMARCHE_PIPELINE_SYNTAX_SYNTAX_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "pipeline/stage/stage.h"

namespace demarche::syntax {

inline constexpr std::string_view kDefaultProfile = "fast";

// Gives the tokens of gated sentences their part of speech, lemma, head and relation, by the model that is built in under the
// profile's name: `fast` or `accurate`, which errs less and takes about twice the time. An error: a table or the model is
// missing or broken.
absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeSyntax(std::string_view profile = kDefaultProfile);

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_SYNTAX_H_
