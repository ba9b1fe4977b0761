#include "server/app/pipeline.h"

#include <utility>

namespace demarche::app {

absl::StatusOr<Pipeline> MakePipeline() {
  auto resources = run::Resources::Load();
  if (!resources.ok()) return resources.status();
  auto plan = run::MakePlan(*resources);
  if (!plan.ok()) return plan.status();
  return Pipeline{*std::move(resources), std::make_unique<const run::Runner>(*std::move(plan))};
}

}  // namespace demarche::app
