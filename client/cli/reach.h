#ifndef DEMARCHE_CLIENT_CLI_REACH_H_
#define DEMARCHE_CLIENT_CLI_REACH_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace demarche::cli {

// Whether something listens at HOST:PORT, whatever it speaks. The error says which step fails and what to mend: NOT_FOUND when the
// name has no address, UNAVAILABLE when the port is closed, DEADLINE_EXCEEDED when nothing answers in time.
absl::Status ReachPort(const std::string& server, absl::Duration timeout);

// How long a certificate in PEM is still good. Negative when it has ended, infinite when it cannot be read.
absl::Duration CertificateLeft(const std::string& pem);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_REACH_H_
