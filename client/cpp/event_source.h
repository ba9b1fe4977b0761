#ifndef DEMARCHE_CLIENT_CPP_EVENT_SOURCE_H_
#define DEMARCHE_CLIENT_CPP_EVENT_SOURCE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/cpp/error.h"
#include "demarche/v1/event.pb.h"

namespace demarche::client {

// A revision of an event, and what concerns its delivery.
struct Event {
  v1::DiplomaticEvent event = {};
  std::string position = {};    // a watch `after` it goes on with the next revision
  absl::Time append_time = {};  // when it became durable, by the server's clock
  bool filter_exit = false;     // the revision before matched the filters and this one does not
};

// Where a program gets its events from: a Watcher, or in its tests a mock (mocks.h).
class EventSource {
 public:
  virtual ~EventSource() = default;
  // Waits for the next matching revision. Nothing when there will be none: error() says why. Asking for the next one says that the
  // one before has been dealt with.
  virtual std::optional<Event> Next() = 0;
  // As Next, with all that arrived together; empty at the end.
  virtual std::vector<Event> NextBatch() = 0;
  // ok() where the end was asked for.
  virtual const Error& error() const = 0;
};

}  // namespace demarche::client

#endif  // DEMARCHE_CLIENT_CPP_EVENT_SOURCE_H_
