#ifndef DEMARCHE_SERVER_APP_AUDIT_H_
#define DEMARCHE_SERVER_APP_AUDIT_H_

#include <string>

#include "server/metrics/metrics.h"
#include "server/rpc/guard.h"

namespace demarche::app {

// Writes decisions of the guard to the log, a line each that begins with `audit:`, and counts refusals. `which` as auth.audit says:
// refusals, streams, all. The metrics outlive it.
rpc::Guard::Auditor MakeAuditor(const std::string& which, metrics::Metrics& metrics);

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_AUDIT_H_
