#ifndef DEMARCHE_SERVER_APP_AUDIT_H_
#define DEMARCHE_SERVER_APP_AUDIT_H_

#include <functional>

#include "server/config/config.h"
#include "server/metrics/metrics.h"
#include "server/rpc/guard.h"
#include "server/rpc/ingest_service.h"

namespace demarche::app {

// Writes decisions of the guard to the log, a line each that begins with `audit:`, and counts refusals. Which: as auth.audit says.
// No more than auth.audit_lines a minute of one principal or address and of one verdict; how many more there were is told once the
// minute is over, with the next decision or at the end. The metrics outlive it.
rpc::Guard::Auditor MakeAuditor(const config::Config& config, metrics::Metrics& metrics);

// Writes a line for every purge, whatever auth.audit says, and counts it. The metrics outlive it.
std::function<void(const rpc::PurgeNote&)> MakePurgeAuditor(metrics::Metrics& metrics);

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_AUDIT_H_
