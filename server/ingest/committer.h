#ifndef DEMARCHE_SERVER_INGEST_COMMITTER_H_
#define DEMARCHE_SERVER_INGEST_COMMITTER_H_

#include <cstddef>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "pipeline/run/memory.h"
#include "server/ingest/coder.h"
#include "server/ingest/ticket.h"
#include "server/log/event_log.h"

namespace demarche::ingest {

// Takes coded items through the stages that remember, writes a group of them with one append, and decides what each is answered.
// Items of a group stand in order of arrival; a repeat inside it shares the fate of the first. After a failed append nothing is
// remembered. One thread uses it: the only one that appends.
class Committer {
 public:
  Committer(log::EventLog& log, run::Memory& memory, const Coder& coder) : log_(log), memory_(memory), coder_(coder) {}

  // Sets `result` in every ticket. Returns the records that became durable, without the item's text, entry and state, for the hub.
  std::vector<log::RecordPtr> Commit(const std::vector<TicketPtr>& group);

 private:
  class Batch;
  // Principal, publisher, id.
  using Name = std::tuple<std::string, std::string, std::string>;
  // Adds tickets from `at` on until one needs what the batch holds to be durable. Returns where it stopped.
  size_t Fill(const std::vector<TicketPtr>& group, size_t at, Batch& batch);
  void Append(Batch& batch, std::vector<log::RecordPtr>& durable);
  // Withdraws an item, if it still has to be, and erases its words; by itself, for both go to the log together.
  void CommitPurge(Ticket& ticket, std::vector<log::RecordPtr>& durable);
  absl::StatusOr<Published> Purge(Ticket& ticket);
  // What an item makes of the ticket's record. An error fails this item alone.
  absl::Status Remember(Ticket& ticket, const stored::v1::ItemEntry* known);
  absl::Status Withdraw(Ticket& ticket, const stored::v1::ItemEntry& known);
  absl::StatusOr<run::Earlier> EarlierOf(const stored::v1::ItemEntry& entry) const;

  log::EventLog& log_;
  run::Memory& memory_;
  const Coder& coder_;
  std::set<Name> failed_;  // items of which the last append failed; some of the latest
};

}  // namespace demarche::ingest

#endif  // DEMARCHE_SERVER_INGEST_COMMITTER_H_
