#include "pipeline/stories/improve.h"

#include <algorithm>

#include "pipeline/document/parties.h"

namespace demarche::stories {
namespace {

using Actors = google::protobuf::RepeatedPtrField<v1::Actor>;

int CountPersons(const Actors& actors) {
  return static_cast<int>(
      std::count_if(actors.begin(), actors.end(), [](const v1::Actor& actor) { return actor.entity_id().starts_with("person/"); }));
}

bool IsBetterSide(const Actors& report, const Actors& known) {
  if (known.empty()) return !report.empty();
  return document::CodesOf(report) == document::CodesOf(known) && CountPersons(report) > CountPersons(known);
}

int PrecisionOf(const v1::EventDate& date) { return (date.year() != 0) + (date.month() != 0) + (date.day() != 0); }

}  // namespace

bool Improve(const v1::DiplomaticEvent& report, v1::DiplomaticEvent& event) {
  bool is_changed = false;
  if (event.factuality() == v1::FACTUALITY_PLANNED && report.factuality() == v1::FACTUALITY_ACTUAL) {
    event.set_factuality(v1::FACTUALITY_ACTUAL);
    event.set_time_frame(report.time_frame());
    is_changed = true;
  }
  if (PrecisionOf(report.event_date()) > PrecisionOf(event.event_date())) {
    *event.mutable_event_date() = report.event_date();
    is_changed = true;
  }
  if (IsBetterSide(report.actors(), event.actors())) {
    *event.mutable_actors() = report.actors();
    is_changed = true;
  }
  if (IsBetterSide(report.recipients(), event.recipients())) {
    *event.mutable_recipients() = report.recipients();
    is_changed = true;
  }
  if (event.location().country_code().empty() && !report.location().country_code().empty()) {
    *event.mutable_location() = report.location();
    is_changed = true;
  }
  if (is_changed) event.set_confidence(std::max(event.confidence(), report.confidence()));
  return is_changed;
}

void Replace(const v1::DiplomaticEvent& report, v1::DiplomaticEvent& event) {
  v1::DiplomaticEvent replaced = report;
  replaced.set_event_id(event.event_id());
  replaced.set_revision(event.revision());
  replaced.set_state(event.state());
  replaced.set_story_id(event.story_id());
  replaced.set_publisher_count(event.publisher_count());
  replaced.set_item_count(event.item_count());
  *replaced.mutable_evidence() = event.evidence();
  *replaced.mutable_publish_time() = event.publish_time();
  event = std::move(replaced);
}

bool IsMilestone(uint32_t before, uint32_t now) {
  for (uint64_t decade = 1; decade <= now; decade *= 10) {
    for (const uint64_t step : {1, 2, 5}) {
      const uint64_t at = decade * step;
      if (before < at && at <= now) return true;
    }
  }
  return before < 3 && now >= 3;
}

}  // namespace demarche::stories
