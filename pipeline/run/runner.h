#ifndef DEMARCHE_PIPELINE_RUN_RUNNER_H_
#define DEMARCHE_PIPELINE_RUN_RUNNER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "demarche/v1/classifier_service.pb.h"
#include "demarche/v1/news_item.pb.h"
#include "pipeline/document/document.h"
#include "pipeline/run/current.h"
#include "pipeline/run/plan.h"
#include "pipeline/run/stage_counter.h"

namespace demarche::run {

// What coding an item gave.
struct Coded {
  v1::PublishOutcome outcome = v1::PUBLISH_OUTCOME_ACCEPTED;  // or UNSUPPORTED_LANGUAGE
  std::string news_item_id;                                   // given or derived
  std::vector<v1::DiplomaticEvent> events;                    // revision 1, state NEW
  document::Print print;                                      // tells copies of the item
  bool is_known = false;                                      // an exact copy: not coded
  std::vector<v1::StageTrace> stages;                         // with explain
};

// Runs items through a plan. Any number of threads may call Run at once, and another Replace meanwhile.
class Runner {
 public:
  explicit Runner(Plan plan);

  // Whether the item of this print need not be coded.
  using IsKnown = std::function<bool(const document::Print&)>;

  // Codes one item. An empty id is derived from the content. Errors: INVALID_ARGUMENT for an item that is invalid by itself;
  // INTERNAL when a stage threw.
  absl::StatusOr<Coded> Run(const v1::NewsItem& item, bool explain, const IsKnown& is_known = nullptr) const;

  // From now on items run through this plan; those that are at work end on the one they began with. INVALID_ARGUMENT when its
  // stages have other names.
  absl::Status Replace(Plan plan);

  std::vector<StageCount> counts() const;

 private:
  Current<Plan> plan_;
  const std::vector<std::string> names_;  // of the stages
  std::unique_ptr<StageCounter[]> counters_;
};

// The id of an item that has none: `sha256-` and 32 hex digits over publisher, title, body and publication time.
std::string DerivedId(const v1::NewsItem& item);

}  // namespace demarche::run

#endif  // DEMARCHE_PIPELINE_RUN_RUNNER_H_
