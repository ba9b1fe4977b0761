#ifndef DEMARCHE_TESTS_SUPPORT_RECORDS_H_
#define DEMARCHE_TESTS_SUPPORT_RECORDS_H_

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "demarche/stored/v1/record.pb.h"

// Records for tests of the log and of what reads it.
namespace demarche::support {

inline stored::v1::StoredEvent MakeEvent(const std::string& event_id, uint32_t revision, const std::string& frame = "frame") {
  stored::v1::StoredEvent event;
  event.set_event_id(event_id);
  event.set_revision(revision);
  event.set_frame(frame);
  return event;
}

// A record of the item 'principal/publisher/<item_id>' with these events, and with its text unless that is empty.
inline stored::v1::Record MakeRecord(const std::string& item_id, std::initializer_list<stored::v1::StoredEvent> events,
                                     const std::string& news_item = "text") {
  stored::v1::Record record;
  record.mutable_item()->set_principal("principal");
  record.mutable_item()->set_publisher("publisher");
  record.mutable_item()->set_news_item_id(item_id);
  record.set_news_item(news_item);
  for (const stored::v1::StoredEvent& event : events) {
    *record.add_events() = event;
    record.mutable_item()->add_event_ids(event.event_id());
  }
  return record;
}

}  // namespace demarche::support

#endif  // DEMARCHE_TESTS_SUPPORT_RECORDS_H_
