#ifndef DEMARCHE_PIPELINE_RUN_PLAN_H_
#define DEMARCHE_PIPELINE_RUN_PLAN_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/stage/stage.h"

namespace demarche::run {

using StageList = std::vector<std::unique_ptr<const stage::Stage>>;

// A list of stages whose order was checked: each finds what it needs, none gives what is there already.
class Plan {
 public:
  // INVALID_ARGUMENT names the stage and what it lacks.
  static absl::StatusOr<Plan> Make(StageList stages);

  const StageList& stages() const { return stages_; }

 private:
  explicit Plan(StageList stages) : stages_(std::move(stages)) {}

  StageList stages_;
};

}  // namespace demarche::run

#endif  // DEMARCHE_PIPELINE_RUN_PLAN_H_
