#include "server/app/pipeline.h"

#include <utility>

#include "pipeline/resources/overlay.h"
#include "server/config/config.h"

namespace demarche::app {
namespace {

struct Made {
  run::Resources resources;
  run::Plan plan;
};

absl::StatusOr<Made> MakeWith(const std::string& overlays, const std::string& syntax) {
  std::shared_ptr<const resources::Overlay> overlay = std::make_shared<resources::Overlay>();
  if (overlays != config::kNone) {
    auto read = resources::Overlay::Read(overlays);
    if (!read.ok()) return read.status();
    overlay = *std::move(read);
  }
  auto resources = run::Resources::Load(std::move(overlay));
  if (!resources.ok()) return resources.status();
  auto plan = run::MakePlan(*resources, syntax);
  if (!plan.ok()) return plan.status();
  return Made{*std::move(resources), *std::move(plan)};
}

}  // namespace

Pipeline::Pipeline(std::string overlays, std::string syntax, run::Resources resources, run::Plan plan)
    : overlays_(std::move(overlays)),
      syntax_(std::move(syntax)),
      resources_(std::make_shared<const run::Resources>(std::move(resources))),
      runner_(std::move(plan)) {}

absl::StatusOr<std::unique_ptr<Pipeline>> Pipeline::Make(const std::string& overlays, const std::string& syntax) {
  auto made = MakeWith(overlays, syntax);
  if (!made.ok()) return made.status();
  return std::unique_ptr<Pipeline>(new Pipeline(overlays, syntax, std::move(made->resources), std::move(made->plan)));
}

absl::Status Pipeline::Reload() {
  auto made = MakeWith(overlays_, syntax_);
  if (!made.ok()) return made.status();
  if (absl::Status status = runner_.Replace(std::move(made->plan)); !status.ok()) return status;
  resources_.Set(std::make_shared<const run::Resources>(std::move(made->resources)));
  return absl::OkStatus();
}

}  // namespace demarche::app
