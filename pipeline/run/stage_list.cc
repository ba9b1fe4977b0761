#include "pipeline/run/stage_list.h"

#include <utility>

#include "pipeline/actors/actors_stage.h"
#include "pipeline/actors/party_finder.h"
#include "pipeline/assembly/assembly.h"
#include "pipeline/dedup/prints.h"
#include "pipeline/frames/frames.h"
#include "pipeline/frames/trigger_finder.h"
#include "pipeline/gate/gate.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"
#include "pipeline/syntax/syntax.h"

namespace demarche::run {
namespace {

using MadeStage = absl::StatusOr<std::unique_ptr<const stage::Stage>>;

}  // namespace

absl::StatusOr<Resources> Resources::Load(std::shared_ptr<const resources::Overlay> overlay) {
  Resources resources;
  auto ontology = ontology::Ontology::Load(*overlay);
  if (!ontology.ok()) return ontology.status();
  resources.ontology = *std::move(ontology);
  auto directory = actors::Directory::Load(overlay);
  if (!directory.ok()) return directory.status();
  resources.directory = *std::move(directory);
  resources.overlay = std::move(overlay);
  return resources;
}

absl::StatusOr<Plan> MakePlan(const Resources& resources, std::string_view syntax_profile) {
  auto lexicon = frames::Lexicon::Load(*resources.ontology, *resources.overlay);
  if (!lexicon.ok()) return lexicon.status();
  auto triggers = frames::TriggerFinder::Make(*lexicon);
  if (!triggers.ok()) return triggers.status();
  MadeStage made[] = {
      normalize::MakeNormalize(),
      segment::MakeSegment(),
      std::make_unique<dedup::Prints>(),
      std::make_unique<gate::Gate>(actors::PartyFinder(resources.directory), *std::move(triggers)),
      syntax::MakeSyntax(syntax_profile),
      actors::MakeActors(resources.directory),
      frames::MakeFrames(resources.ontology, *lexicon),
      assembly::MakeAssembly(resources.ontology),
  };
  StageList stages;
  for (MadeStage& stage : made) {
    if (!stage.ok()) return stage.status();
    stages.push_back(*std::move(stage));
  }
  return Plan::Make(std::move(stages));
}

}  // namespace demarche::run
