#ifndef DEMARCHE_SERVER_LOG_SALVAGE_H_
#define DEMARCHE_SERVER_LOG_SALVAGE_H_

#include <cstdint>
#include <memory>
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

// What is left of a damaged log.
struct Damaged {
  std::vector<std::string> directories;  // that hold its table files
  std::unique_ptr<Store> store;          // the same as far as it opens; null when it does not
  bool is_mended = false;                // its list of files was lost: files may be missing without a trace
};

// Writes a new log out of all records that can be read and that no seal contradicts, with a gap marker wherever positions are
// missing, up to `end` at least. Its keys are made anew, so that an item whose record is lost may be published again. What outlived
// its record in the old log is kept as far as it can be read.
absl::StatusOr<Salvaged> Salvage(const Damaged& damaged, const stored::v1::LogMeta& meta, uint64_t end, Store& fresh);

// Position of the first record that can be read; nothing when there is none.
std::optional<uint64_t> FirstReadable(const Damaged& damaged);

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_SALVAGE_H_
