#ifndef DEMARCHE_SERVER_LOG_ERASE_H_
#define DEMARCHE_SERVER_LOG_ERASE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/record.pb.h"
#include "server/log/event_log.h"
#include "server/log/store.h"

namespace demarche::log {

// What an erasure does to the rows that are there. Nothing is changed until the batch is written, and nothing else may be written
// between. One thread; outlived by the store.
class EraseStep {
 public:
  EraseStep(const Store& store, rocksdb::WriteBatch& batch) : store_(store), batch_(batch) {}

  // Adds to the record, which is to be written with the batch, what was erased. DATA_LOSS when a row is damaged.
  absl::Status Plan(const Erasure& erasure, stored::v1::Record& record);

 private:
  struct Changed {
    std::shared_ptr<stored::v1::Record> record;                           // null when its row stays as it is
    std::unordered_map<std::string, stored::v1::StoredEvent*> revisions;  // of the record, by key
    bool text = false;
  };

  absl::Status ReplaceRevision(const stored::v1::StoredEvent& revision);
  // Reads the record, unless that was done.
  absl::StatusOr<Changed*> Load(uint64_t last_position);
  absl::Status EraseText(uint64_t last_position);

  const Store& store_;
  rocksdb::WriteBatch& batch_;
  std::map<uint64_t, Changed> changed_;  // by last position
};

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_ERASE_H_
