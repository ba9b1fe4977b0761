#ifndef DEMARCHE_TESTS_SUPPORT_LINE_STAGE_H_
#define DEMARCHE_TESTS_SUPPORT_LINE_STAGE_H_

#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "demarche/v1/event.pb.h"
#include "demarche/v1/news_item.pb.h"
#include "pipeline/run/runner.h"
#include "pipeline/stage/stage.h"

namespace demarche::testing_support {

// A pipeline of one stage that does what the lines of the body say: `event` gives one, `event AID`
// one of that type, `hold` waits until released, `invalid`
// rejects the item, `foreign` is another language.
class LineStage : public stage::Stage {
 public:
  explicit LineStage(absl::Notification* release) : release_(release) {}

  std::string_view name() const override { return "lines"; }
  uint32_t needs() const override { return stage::kNothing; }
  uint32_t gives() const override { return stage::kEvents; }
  absl::Status Process(document::Document& document) const override {
    std::istringstream lines(document.item.body());
    for (std::string line; std::getline(lines, line);) {
      if (line == "invalid") return absl::InvalidArgumentError("news_item.body: invalid by itself");
      if (line == "foreign") document.is_supported_language = false;
      if (line == "hold" && release_ != nullptr) release_->WaitForNotification();
      if (line.rfind(kEvent, 0) != 0) continue;
      v1::DiplomaticEvent& event = document.events.emplace_back();
      event.set_event_id(document.item.news_item_id() + "/" + std::to_string(document.events.size()));
      event.set_revision(1);
      event.set_state(v1::EVENT_STATE_NEW);
      v1::EventType type = v1::EVENT_TYPE_CONSULT;
      if (line.size() > kEvent.size()) v1::EventType_Parse("EVENT_TYPE_" + line.substr(kEvent.size() + 1), &type);
      event.set_type(type);
    }
    return absl::OkStatus();
  }

 private:
  static constexpr std::string_view kEvent = "event";

  absl::Notification* const release_;
};

inline run::Plan LinePlan(absl::Notification* release = nullptr) {
  run::StageList stages;
  stages.push_back(std::make_unique<LineStage>(release));
  return *run::Plan::Make(std::move(stages));
}

inline v1::NewsItem MakeItem(std::string id, std::string body = "event") {
  v1::NewsItem item;
  item.set_news_item_id(std::move(id));
  item.set_publisher("Sample A");
  item.set_title("title");
  item.set_body(std::move(body));
  item.mutable_publish_time()->set_seconds(1'700'000'000);
  return item;
}

}  // namespace demarche::testing_support

#endif  // DEMARCHE_TESTS_SUPPORT_LINE_STAGE_H_
