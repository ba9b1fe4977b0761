#ifndef DEMARCHE_SERVER_APP_EXIT_CODE_H_
#define DEMARCHE_SERVER_APP_EXIT_CODE_H_

namespace demarche::app {

// What `demarched` ends with. Documented in its --help; scripts and units rely on it.
enum ExitCode : int {
  kOk = 0,
  kFailed = 1,         // some items were rejected (classify), stopped by a second signal, or an error that is none of the below
  kUsage = 2,          // flags, configuration file or environment
  kCannotListen = 3,   // the address is taken or not ours
  kCannotUseData = 4,  // the data directory is locked by another process, or cannot be written
  kLogDamaged = 5,     // the log refuses to open: see the message, then `demarched log verify`
};

inline constexpr char kExitCodeHelp[] =
    "Exit codes: 0 ok; 1 failed, or some items were rejected; 2 bad usage or configuration; 3 cannot listen on the address; "
    "4 the data directory is locked or cannot be written; 5 the log is damaged.";

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_EXIT_CODE_H_
