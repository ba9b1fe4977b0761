#include "pipeline/run/plan.h"

#include <string>
#include <utility>

namespace demarche::run {
namespace {

struct PartName {
  uint32_t part;
  const char* name;
};
constexpr PartName kPartNames[] = {
    {stage::kText, "text"}, {stage::kSentences, "sentences"}, {stage::kGate, "gate"},     {stage::kLemmas, "lemmas"},
    {stage::kTree, "tree"}, {stage::kMentions, "mentions"},   {stage::kFrames, "frames"}, {stage::kEvents, "events"},
};

std::string Names(uint32_t parts) {
  std::string names;
  for (const PartName& entry : kPartNames) {
    if ((parts & entry.part) == 0) continue;
    if (!names.empty()) names += ", ";
    names += entry.name;
  }
  return names;
}

}  // namespace

absl::StatusOr<Plan> Plan::Make(StageList stages) {
  uint32_t there = stage::kNothing;
  for (const auto& stage : stages) {
    const std::string name(stage->name());
    if (const uint32_t missing = stage->needs() & ~there; missing != 0) {
      return absl::InvalidArgumentError("stage '" + name + "' needs " + Names(missing) + ", which no stage before it gives");
    }
    if (const uint32_t twice = stage->gives() & there; twice != 0) {
      return absl::InvalidArgumentError("stage '" + name + "' gives " + Names(twice) + ", which a stage before it gives already");
    }
    there |= stage->gives();
  }
  return Plan(std::move(stages));
}

}  // namespace demarche::run
