#ifndef DEMARCHE_CLIENT_CLI_PUBLISH_H_
#define DEMARCHE_CLIENT_CLI_PUBLISH_H_

#include "client/cli/context.h"
#include "client/cli/item_reader.h"

namespace demarche::cli {

struct PublishArguments {
  InputArguments input = {};
  bool json_lines = false;
  bool quiet = false;  // no summary and no progress when all goes well
};

// Publishes what the files hold and tells what became of it.
ExitCode Publish(Context& context, const PublishArguments& arguments);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_PUBLISH_H_
