#ifndef DEMARCHE_SERVER_APP_PIPELINE_H_
#define DEMARCHE_SERVER_APP_PIPELINE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "pipeline/run/runner.h"
#include "pipeline/run/stage_list.h"

namespace demarche::app {

// The classifier with its resources, as serve and classify use it.
struct Pipeline {
  run::Resources resources;
  std::unique_ptr<const run::Runner> runner;
};

absl::StatusOr<Pipeline> MakePipeline();

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_PIPELINE_H_
