#include "client/cpp/event_batch.h"

#include <utility>

namespace demarche::client {

std::vector<Event> EventsOf(v1::EventBatch* batch) {
  std::vector<Event> events(static_cast<size_t>(batch->events_size()));
  for (int i = 0; i < batch->events_size(); ++i) {
    Event& event = events[static_cast<size_t>(i)];
    event.event = std::move(*batch->mutable_events(i));
    if (i < batch->positions_size()) event.position = batch->positions(i);
    if (i < batch->append_times_size()) {
      const auto& time = batch->append_times(i);
      event.append_time = absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
    }
    event.filter_exit = i < batch->filter_exit_size() && batch->filter_exit(i);
  }
  return events;
}

}  // namespace demarche::client
