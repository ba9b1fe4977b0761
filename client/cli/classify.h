#ifndef DEMARCHE_CLIENT_CLI_CLASSIFY_H_
#define DEMARCHE_CLIENT_CLI_CLASSIFY_H_

#include "client/cli/context.h"
#include "client/cli/item_reader.h"

namespace demarche::cli {

struct ClassifyArguments {
  InputArguments input = {};
  bool explain = false;
  bool json = false;
};

// Codes what the files hold without storing it, and shows the events with their evidence.
ExitCode Classify(Context& context, const ClassifyArguments& arguments);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_CLASSIFY_H_
