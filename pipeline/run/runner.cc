#include "pipeline/run/runner.h"

#include <exception>
#include <utility>

#include "pipeline/document/document.h"
#include "pipeline/document/hash.h"

namespace demarche::run {
namespace {

constexpr size_t kDerivedIdDigits = 32;

// What a stage throws (a library's exception, no memory) fails this item and no other.
absl::Status Process(const stage::Stage& stage, document::Document& document) {
  try {
    return stage.Process(document);
  } catch (const std::exception& thrown) {
    return absl::InternalError("stage " + std::string(stage.name()) + " failed: " + thrown.what());
  }
}

std::vector<std::string> NamesOf(const Plan& plan) {
  std::vector<std::string> names;
  for (const auto& stage : plan.stages()) names.emplace_back(stage->name());
  return names;
}

}  // namespace

std::string DerivedId(const v1::NewsItem& item) {
  const std::string digest = Sha256({item.publisher(), item.title(), item.body(), item.publish_time().SerializeAsString()});
  return "sha256-" + ToHex(digest).substr(0, kDerivedIdDigits);
}

Runner::Runner(Plan plan)
    : plan_(std::make_shared<const Plan>(std::move(plan))),
      names_(NamesOf(*plan_.Get())),
      counters_(std::make_unique<StageCounter[]>(names_.size())) {}

absl::Status Runner::Replace(Plan plan) {
  if (NamesOf(plan) != names_) return absl::InvalidArgumentError("the stages of a plan that replaces another must be the same");
  plan_.Set(std::make_shared<const Plan>(std::move(plan)));
  return absl::OkStatus();
}

absl::StatusOr<Coded> Runner::Run(const v1::NewsItem& item, bool explain, const IsKnown& is_known) const {
  v1::NewsItem named;
  const v1::NewsItem* input = &item;
  if (item.news_item_id().empty()) {
    named = item;
    named.set_news_item_id(DerivedId(item));
    input = &named;
  }
  Coded coded;
  coded.news_item_id = input->news_item_id();
  document::Document document(*input);
  const std::shared_ptr<const Plan> plan = plan_.Get();
  for (size_t i = 0; i < plan->stages().size() && document.is_supported_language && !coded.is_known; ++i) {
    const stage::Stage& stage = *plan->stages()[i];
    v1::StageTrace trace;
    if (explain) document.trace = &trace;
    const auto start = StageCounter::Clock::now();
    absl::Status status = Process(stage, document);
    const uint64_t nanoseconds = counters_[i].AddItem(start);
    if (!status.ok()) return status;
    if ((stage.gives() & stage::kPrint) != 0 && is_known) coded.is_known = is_known(document.print);
    if (explain) {
      trace.set_stage(std::string(stage.name()));
      trace.set_duration_us(static_cast<double>(nanoseconds) / 1000);
      coded.stages.push_back(std::move(trace));
    }
  }
  if (!document.is_supported_language) coded.outcome = v1::PUBLISH_OUTCOME_UNSUPPORTED_LANGUAGE;
  coded.events = std::move(document.events);
  coded.print = std::move(document.print);
  return coded;
}

std::vector<StageCount> Runner::counts() const {
  std::vector<StageCount> counts;
  for (size_t i = 0; i < names_.size(); ++i) counts.push_back(counters_[i].CountOf(names_[i]));
  return counts;
}

}  // namespace demarche::run
