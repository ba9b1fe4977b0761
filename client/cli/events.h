#ifndef DEMARCHE_CLIENT_CLI_EVENTS_H_
#define DEMARCHE_CLIENT_CLI_EVENTS_H_

#include <cstdint>
#include <string>

#include "client/cli/context.h"

namespace demarche::cli {

struct GetEventArguments {
  std::string event_id = {};
  bool json_lines = false;
};

struct ListEventsArguments {
  std::string filter = {};
  uint64_t limit = 100;  // 0 for all
  bool json_lines = false;
};

// Prints the latest revision of an event.
ExitCode GetEvent(Context& context, const GetEventArguments& arguments);
// Prints the latest revisions of events, oldest first.
ExitCode ListEvents(Context& context, const ListEventsArguments& arguments);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_EVENTS_H_
