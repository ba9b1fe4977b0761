#ifndef DEMARCHE_SERVER_APP_LOGGING_H_
#define DEMARCHE_SERVER_APP_LOGGING_H_

#include "server/config/config.h"

namespace demarche::app {

// Sends the process's messages to stderr, at the level and in the form configured, and those of gRPC and protobuf with them, at
// most ten a second of theirs: a hostile peer cannot fill the disk. Call once, before threads start.
void SetUpLogging(const config::Config& config);

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_LOGGING_H_
