#ifndef DEMARCHE_PIPELINE_RUN_STAGE_LIST_H_
#define DEMARCHE_PIPELINE_RUN_STAGE_LIST_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "pipeline/actors/directory.h"
#include "pipeline/resources/ontology/ontology.h"
#include "pipeline/resources/overlay.h"
#include "pipeline/run/plan.h"
#include "pipeline/syntax/syntax.h"

namespace demarche::run {

// What stages and services share. Immutable; lives as long as any of them.
struct Resources {
  std::shared_ptr<const resources::Overlay> overlay;
  std::shared_ptr<const ontology::Ontology> ontology;
  std::shared_ptr<const actors::Directory> directory;

  // Those that were built in, with what is laid over them. Errors name table and line.
  static absl::StatusOr<Resources> Load(std::shared_ptr<const resources::Overlay> overlay = std::make_shared<resources::Overlay>());
};

// The stages of the classifier, in order, checked. `syntax_profile` as syntax::MakeSyntax takes it.
absl::StatusOr<Plan> MakePlan(const Resources& resources, std::string_view syntax_profile = syntax::kDefaultProfile);

}  // namespace demarche::run

#endif  // DEMARCHE_PIPELINE_RUN_STAGE_LIST_H_
