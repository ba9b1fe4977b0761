#ifndef DEMARCHE_PIPELINE_ACTORS_ACTORS_STAGE_H_
#define DEMARCHE_PIPELINE_ACTORS_ACTORS_STAGE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "pipeline/actors/directory.h"
#include "pipeline/stage/stage.h"

namespace demarche::actors {

// The stage that finds and links parties, with the built-in tables.
absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeActors();

// The same with tables that are shared with others.
std::unique_ptr<const stage::Stage> MakeActors(std::shared_ptr<const Directory> directory);

}  // namespace demarche::actors

#endif  // DEMARCHE_PIPELINE_ACTORS_ACTORS_STAGE_H_
