#ifndef DEMARCHE_CLIENT_CLI_RETRACT_H_
#define DEMARCHE_CLIENT_CLI_RETRACT_H_

#include <string>

#include "client/cli/context.h"

namespace demarche::cli {

struct RetractArguments {
  std::string publisher = {};
  std::string news_item_id = {};
  bool purge = false;  // erase the text and its quotations too
  bool json_lines = false;
};

// Withdraws an item and prints which events that changed.
ExitCode Retract(Context& context, const RetractArguments& arguments);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_RETRACT_H_
