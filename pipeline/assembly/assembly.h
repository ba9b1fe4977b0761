#ifndef DEMARCHE_PIPELINE_ASSEMBLY_ASSEMBLY_H_
#define DEMARCHE_PIPELINE_ASSEMBLY_ASSEMBLY_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "pipeline/resources/ontology/ontology.h"
#include "pipeline/stage/stage.h"

namespace demarche::assembly {

// What coded an event; raised with every change that may alter coding.
inline constexpr std::string_view kClassifierVersion = "0.1.0";

// The `assembly` stage: events from frames. Errors name file and line of a table.
absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeAssembly(std::shared_ptr<const ontology::Ontology> ontology);

}  // namespace demarche::assembly

#endif  // DEMARCHE_PIPELINE_ASSEMBLY_ASSEMBLY_H_
