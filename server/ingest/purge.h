#ifndef DEMARCHE_SERVER_INGEST_PURGE_H_
#define DEMARCHE_SERVER_INGEST_PURGE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "demarche/stored/v1/purge.pb.h"
#include "demarche/stored/v1/record.pb.h"
#include "server/log/event_log.h"

namespace demarche::ingest {

// What the log holds of an item's words.
struct Words {
  stored::v1::Purge purge;                         // the item, the events that it ever told of, the records that hold its words
  std::vector<stored::v1::StoredEvent> revisions;  // of these events, without the words
  std::vector<uint64_t> texts;                     // last positions of the records that may have its text
};

// Finds them. `entry`: that of the item. Follows its records back to its first that is kept. DATA_LOSS when something is damaged.
absl::StatusOr<Words> FindWords(const log::EventLog& log, const stored::v1::ItemEntry& entry);

}  // namespace demarche::ingest

#endif  // DEMARCHE_SERVER_INGEST_PURGE_H_
