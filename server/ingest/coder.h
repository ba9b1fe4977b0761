#ifndef DEMARCHE_SERVER_INGEST_CODER_H_
#define DEMARCHE_SERVER_INGEST_CODER_H_

#include <string>

#include "absl/status/statusor.h"
#include "pipeline/run/memory.h"
#include "pipeline/run/runner.h"
#include "server/ingest/ticket.h"
#include "server/log/event_log.h"

namespace demarche::ingest {

// What a worker does with one item: looks whether it is known already, runs the pipeline, begins the record. Immutable; any number
// of threads may use it at once. Outlived by what it refers to.
class Coder {
 public:
  Coder(const run::Runner& runner, const log::EventLog& log, const run::Memory& memory, bool store_text)
      : runner_(runner), log_(log), memory_(memory), store_text_(store_text) {}

  void Code(Ticket& ticket) const;
  // Codes an item that was passed over as a copy, because its original is not to be had.
  absl::Status CodeCopy(Ticket& ticket) const;

 private:
  absl::Status Run(Ticket& ticket, const run::Runner::IsKnown& is_known) const;

  const run::Runner& runner_;
  const log::EventLog& log_;
  const run::Memory& memory_;
  const bool store_text_;
};

// SHA-256 over what makes two items with one id the same: title, body and publication time.
std::string ContentHash(const v1::NewsItem& item);

// Whether the item corrects the one that the entry is of: it says that it supersedes its latest revision.
bool IsCorrection(const v1::NewsItem& item, const stored::v1::ItemEntry& first);

// The answer to an item whose id is known: the first answer as DUPLICATE, or IDEMPOTENCY_CONFLICT when the content is another.
absl::StatusOr<Published> AnswerRepeat(const stored::v1::ItemEntry& first, const std::string& content_sha256);

// ITEM_INVALID: it supersedes what is not known.
absl::Status NothingToCorrect();

// The answer that an entry holds.
Published FirstAnswer(const stored::v1::ItemEntry& entry);

}  // namespace demarche::ingest

#endif  // DEMARCHE_SERVER_INGEST_CODER_H_
