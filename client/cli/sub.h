#ifndef DEMARCHE_CLIENT_CLI_SUB_H_
#define DEMARCHE_CLIENT_CLI_SUB_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "client/cli/context.h"
#include "demarche/v1/subscription_service.pb.h"

namespace demarche::cli {

struct SubCreate {
  v1::CreateSubscriptionRequest request = {};
};
struct SubList {};
struct SubInfo {
  std::string name = {};
};
struct SubDelete {
  std::string name = {};
};
struct SubSeek {
  std::string name = {};
  v1::StartPosition start = {};
};
struct SubPause {
  std::string name = {};
  bool is_paused = false;
};
struct SubDeadLetters {
  std::string name = {};
  bool is_replayed = false;                 // deliver them again instead of listing them
  std::vector<std::string> positions = {};  // of those to replay; empty for all
};
struct SubConsume {
  std::string name = {};
  uint64_t count = 0;     // events to print; 0 for no end
  uint64_t credit = 256;  // events in hand
  bool is_kept = false;   // acknowledges nothing; ends after the credit when there is no count
  bool reconnect = false;
};

struct SubArguments {
  std::variant<SubList, SubCreate, SubInfo, SubDelete, SubSeek, SubPause, SubDeadLetters, SubConsume> action;
  bool json_lines = false;
};

// Works with durable subscriptions.
ExitCode Sub(Context& context, const SubArguments& arguments);
// Prints what is delivered and acknowledges it when it is printed.
ExitCode Consume(Context& context, const SubConsume& consume, bool json_lines);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_SUB_H_
