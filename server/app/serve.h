#ifndef DEMARCHE_SERVER_APP_SERVE_H_
#define DEMARCHE_SERVER_APP_SERVE_H_

#include "server/config/config.h"

namespace demarche::app {

// Serves until SIGTERM or SIGINT, then drains and returns an ExitCode; a second one ends the process at once with kFailed. Call on
// the main thread, before others start: it takes the process's signals.
int Serve(const config::Loaded& loaded);

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_SERVE_H_
