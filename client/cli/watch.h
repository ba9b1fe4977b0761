#ifndef DEMARCHE_CLIENT_CLI_WATCH_H_
#define DEMARCHE_CLIENT_CLI_WATCH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "client/cli/context.h"
#include "client/cpp/backoff.h"
#include "demarche/v1/event_service.pb.h"

namespace demarche::cli {

enum class EventFormat { kPretty, kJsonLines, kCsv, kCloudEvents };

struct WatchArguments {
  v1::StartPosition start = {};
  v1::OnExpired on_expired = v1::ON_EXPIRED_UNSPECIFIED;
  std::vector<std::string> filters = {};
  uint64_t count = 0;  // events to print; 0 for no end
  bool until_caught_up = false;
  bool reconnect = false;
  client::BackoffOptions backoff = {};
  EventFormat format = EventFormat::kPretty;
  std::string cursor_file = {};  // where the position is kept; empty for nowhere
};

// Prints events as they come, until told to stop.
ExitCode Watch(Context& context, const WatchArguments& arguments);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_WATCH_H_
