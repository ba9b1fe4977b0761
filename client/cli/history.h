#ifndef DEMARCHE_CLIENT_CLI_HISTORY_H_
#define DEMARCHE_CLIENT_CLI_HISTORY_H_

#include <string>
#include <vector>

#include "client/cli/context.h"
#include "demarche/v1/event.pb.h"

namespace demarche::cli {

struct HistoryArguments {
  std::string event_id = {};
  bool json_lines = false;
};

// What a reader sees changed between two revisions, a line each: `factuality: PLANNED -> ACTUAL`. Text of others is made harmless.
std::vector<std::string> DescribeChanges(const v1::DiplomaticEvent& before, const v1::DiplomaticEvent& after);

// Prints the revisions of an event, oldest first: when each was made, because of which item, and what it changed.
ExitCode History(Context& context, const HistoryArguments& arguments);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_HISTORY_H_
