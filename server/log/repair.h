#ifndef DEMARCHE_SERVER_LOG_REPAIR_H_
#define DEMARCHE_SERVER_LOG_REPAIR_H_

#include <ostream>
#include <string>

#include "absl/status/status.h"

namespace demarche::log {

// `demarched log repair`: makes a log that opens again out of what can be read of a damaged one, and verifies it. Where positions
// are missing a gap marker stands, which readers see. The epoch stays unless positions may have been given out that are not known
// any more. The damaged store is kept beside as PATH/damaged-N; the disk must have room for a second one. Changes nothing when
// the log is whole. A repair that is cut short is begun again by the next one.
absl::Status RepairLog(const std::string& path, std::ostream& out);

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_REPAIR_H_
