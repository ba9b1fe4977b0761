#ifndef DEMARCHE_SERVER_APP_PIPELINE_H_
#define DEMARCHE_SERVER_APP_PIPELINE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "pipeline/run/current.h"
#include "pipeline/run/runner.h"
#include "pipeline/run/stage_list.h"

namespace demarche::app {

// The classifier with its resources, as serve and classify use it. Any thread, but for Reload.
class Pipeline {
 public:
  // `overlays` and `syntax` as in the configuration: a directory, or `none`; the profile of the parser. Errors name file and line.
  static absl::StatusOr<std::unique_ptr<Pipeline>> Make(const std::string& overlays, const std::string& syntax);

  // Reads the overlays again and has the items that come after coded with them. After an error all stays as it is. One thread.
  absl::Status Reload();

  const run::Runner& runner() const { return runner_; }
  const run::Current<run::Resources>& resources() const { return resources_; }
  std::string ontology_version() const { return resources_.Get()->ontology->version(); }

 private:
  Pipeline(std::string overlays, std::string syntax, run::Resources resources, run::Plan plan);

  const std::string overlays_, syntax_;
  run::Current<run::Resources> resources_;
  run::Runner runner_;
};

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_PIPELINE_H_
