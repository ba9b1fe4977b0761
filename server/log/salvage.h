#ifndef DEMARCHE_SERVER_LOG_SALVAGE_H_
#define DEMARCHE_SERVER_LOG_SALVAGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/record.pb.h"
#include "server/log/store.h"

namespace demarche::log {

// What came out of a damaged log.
struct Salvaged {
  struct Gap {
    uint64_t after = 0;
    uint64_t through = 0;
  };
  stored::v1::BatchSeal seal;  // of the last batch written
  uint64_t records = 0;
  std::vector<Gap> gaps;
};

// Writes a new log out of all records of a damaged store that can be read and that no seal contradicts, with a gap marker wherever
// positions are missing, up to `end` at least. Its keys are made anew, so that an item whose record is lost may be published again.
// What outlived its record in the old log is kept as far as it can be read.
absl::StatusOr<Salvaged> Salvage(const Store& damaged, const stored::v1::LogMeta& meta, uint64_t end, Store& fresh);

// Position of the first record that can be read; nothing when there is none.
std::optional<uint64_t> FirstReadable(const Store& damaged);

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_SALVAGE_H_
