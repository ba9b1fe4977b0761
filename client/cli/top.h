#ifndef DEMARCHE_CLIENT_CLI_TOP_H_
#define DEMARCHE_CLIENT_CLI_TOP_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/cli/context.h"
#include "demarche/v1/admin_service.pb.h"
#include "demarche/v1/event_service.pb.h"
#include "demarche/v1/subscription_service.pb.h"

namespace demarche::cli {

inline constexpr double kMinTopIntervalSeconds = 0.1;
inline constexpr double kMaxTopIntervalSeconds = 3600;

struct TopArguments {
  double interval_s = 2;
  bool once = false;  // one table, of one interval
};

// What the server said at one moment. A part that it refused is an error in words instead.
struct TopSample {
  absl::Time time = {};
  v1::GetStreamInfoResponse stream = {};
  v1::GetPipelineStatusResponse pipeline = {};
  std::string pipeline_error = {};
  std::vector<v1::Session> sessions = {};
  std::string sessions_error = {};
  std::vector<v1::Subscription> subscriptions = {};
  std::string subscriptions_error = {};
};

// The table of what happened between two moments; at most so many sessions are listed by name.
std::string PrintTop(const std::string& server, const TopSample& before, const TopSample& now, size_t max_sessions, Style style);

// Shows rates, lags, stages, subscriptions and sessions, anew each interval until told to stop; on a terminal in place.
ExitCode Top(Context& context, const TopArguments& arguments, bool is_terminal);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_TOP_H_
