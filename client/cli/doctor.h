#ifndef DEMARCHE_CLIENT_CLI_DOCTOR_H_
#define DEMARCHE_CLIENT_CLI_DOCTOR_H_

#include "client/cli/context.h"

namespace demarche::cli {

// Checks the way to the server and the server itself, and says of each fault what to mend. kExitOk only when all is well.
ExitCode Doctor(Context& context);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_DOCTOR_H_
