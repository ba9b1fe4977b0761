#ifndef DEMARCHE_CLIENT_CLI_WHO_H_
#define DEMARCHE_CLIENT_CLI_WHO_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "client/cli/context.h"

namespace demarche::cli {

struct WhoArguments {
  std::string name = {};              // of a person or party, or an office: 'foreign minister of Iran'
  std::optional<absl::Time> on = {};  // now when absent
  std::string body = {};              // instead of a name: list the offices of this code
  std::string role = {};              // only offices of this role
  bool json_lines = false;
};

// Says who a name or an office means on a day, or who held the offices of a body and when. Not knowing is kExitSomeBad.
ExitCode Who(Context& context, const WhoArguments& arguments);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_WHO_H_
