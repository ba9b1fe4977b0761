#ifndef DEMARCHE_SERVER_LOG_TOOL_H_
#define DEMARCHE_SERVER_LOG_TOOL_H_

#include <ostream>
#include <string>

#include "absl/status/status.h"

// What `demarched log` does to a data directory that no server uses. Changes nothing in it.
namespace demarche::log {

// Reads everything: checksums of all files, the chain over all records, and that every item and event is found by its key.
// DATA_LOSS names the first damage. Writes what it checked.
absl::Status VerifyLog(const std::string& directory, std::ostream& out);

// Writes what the log holds, as far as it can be read: mark, epoch, positions, counts, times, sizes. Checks nothing more than it
// needs; an error is returned after what could be read was written.
absl::Status InspectLog(const std::string& directory, std::ostream& out);

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_TOOL_H_
