#ifndef DEMARCHE_SERVER_INGEST_COMMITTER_H_
#define DEMARCHE_SERVER_INGEST_COMMITTER_H_

#include <vector>

#include "server/ingest/ticket.h"
#include "server/log/event_log.h"

namespace demarche::ingest {

// Writes a group of coded items with one append, and decides what each is answered. Items of a group stand in order of arrival; a
// repeat inside it shares the fate of the first. After a failed append nothing is remembered. One thread uses it: the only one
// that appends.
class Committer {
 public:
  explicit Committer(log::EventLog& log) : log_(log) {}

  // Sets `result` in every ticket. Returns the records that became durable, without the item's text and entry, for the hub.
  std::vector<log::RecordPtr> Commit(const std::vector<TicketPtr>& group);

 private:
  log::EventLog& log_;
};

}  // namespace demarche::ingest

#endif  // DEMARCHE_SERVER_INGEST_COMMITTER_H_
