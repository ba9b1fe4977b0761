#ifndef DEMARCHE_SERVER_INGEST_TICKET_H_
#define DEMARCHE_SERVER_INGEST_TICKET_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "demarche/stored/v1/record.pb.h"
#include "demarche/v1/news_item.pb.h"
#include "pipeline/run/runner.h"
#include "server/tracing/item_trace.h"

namespace demarche::ingest {

// What became of an item that was not refused.
struct Published {
  v1::PublishOutcome outcome = v1::PUBLISH_OUTCOME_UNSPECIFIED;
  std::string news_item_id;            // given or derived
  std::vector<std::string> event_ids;  // in the order of the text
  uint64_t position = 0;               // of its last event, or its own where it has none
  std::string original_news_item_id;   // of a NEAR_DUPLICATE: the first copy
};

// Called once for each item taken in, in order of arrival, from the committing thread: it must not block.
using Answer = std::function<void(const absl::StatusOr<Published>&)>;

// One item on its way from arrival to answer; owned by one thread at a time.
struct Ticket {
  // As it arrived; of a withdrawal only publisher and id.
  bool is_withdrawal = false;
  bool is_purge = false;  // a withdrawal that erases too
  v1::NewsItem item;
  std::string principal;
  Answer answer;
  tracing::ItemTracePtr trace;
  uint64_t order = 0;
  size_t bytes = 0;
  int64_t ingest_time_us = 0;

  // What coding gave: an answer that needs no commit (an error, a repeat), or events and the record that is to hold them.
  std::optional<absl::StatusOr<Published>> result;
  run::Coded coded;
  stored::v1::Record record;
  size_t record_bytes = 0;
};
using TicketPtr = std::unique_ptr<Ticket>;

}  // namespace demarche::ingest

#endif  // DEMARCHE_SERVER_INGEST_TICKET_H_
