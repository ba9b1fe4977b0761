#ifndef DEMARCHE_SERVER_LOG_COPY_H_
#define DEMARCHE_SERVER_LOG_COPY_H_

#include <ostream>
#include <string>

#include "absl/status/status.h"

// `demarched log backup` and `restore`.
namespace demarche::log {

inline constexpr char kBackupName[] = "BACKUP";

// Copies a log, also while a server uses it, into a directory that is missing or empty, and verifies the copy: it holds at least
// what was acknowledged when the call began. DATA_LOSS names what is damaged in the log. A server does not open a backup.
absl::Status BackupLog(const std::string& directory, const std::string& backup, std::ostream& out);

// Copies a backup into a directory that is missing or empty, and verifies it before and after. The log begins a new epoch:
// positions that the lost log gave out after the backup are not mistaken for those of other events.
absl::Status RestoreLog(const std::string& backup, const std::string& directory, std::ostream& out);

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_COPY_H_
