#ifndef DEMARCHE_SERVER_INGEST_INGESTOR_H_
#define DEMARCHE_SERVER_INGEST_INGESTOR_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "pipeline/run/runner.h"
#include "server/ingest/coder.h"
#include "server/ingest/committer.h"
#include "server/ingest/reorder_buffer.h"
#include "server/ingest/ticket.h"
#include "server/limits/limits.h"
#include "server/log/clock.h"
#include "server/log/event_log.h"
#include "server/tracing/item_trace.h"

namespace demarche::ingest {

struct IngestOptions {
  int workers = 1;
  size_t max_items = limits::kMaxQueuedItems;  // from arrival to answer
  size_t max_bytes = limits::kMaxQueuedBytes;  // see max_items
  bool store_text = true;                      // keep the items as received
  log::Clock clock = log::SystemTimeUs;
  std::function<void()> on_erased = nullptr;  // before the sink is given the record of a purge; on the committing thread
};

// Takes items in, has them coded by workers in parallel, commits them in order of arrival, all that is ready with one append, and
// then answers and hands on. Any thread may call it. What it refers to outlives it; destruction drains.
class Ingestor {
 public:
  // Receives durable records in order, after their items were answered, on the committing thread.
  using Sink = std::function<void(const std::vector<log::RecordPtr>&)>;

  Ingestor(const run::Runner& runner, log::EventLog& log, run::Memory& memory, IngestOptions options, Sink sink);
  ~Ingestor();
  Ingestor(const Ingestor&) = delete;
  Ingestor& operator=(const Ingestor&) = delete;

  // Takes a valid item (ValidateNewsItem), or leaves it alone and says why not: RESOURCE_EXHAUSTED QUOTA_EXCEEDED when too much is
  // in already, UNAVAILABLE DRAINING.
  absl::Status Submit(v1::NewsItem& item, std::string principal, Answer answer, tracing::ItemTracePtr trace = nullptr);
  // Withdraws an item; Published::event_ids are the events that changed. NOT_FOUND when the item is not known. A purge erases its
  // words from the log too, and is answered after the sink had its record.
  absl::Status SubmitWithdrawal(std::string publisher, std::string news_item_id, std::string principal, bool is_purge,
                                Answer answer, tracing::ItemTracePtr trace = nullptr);
  // Calls back once when an item of this size may fit, or when draining; at once when so already. The callback must not block.
  void WhenRoom(size_t item_bytes, std::function<void()> callback);

  // Admits no more, finishes and answers what is in, stops. What waits for a worker when `patience` is over is answered DRAINING.
  // Not to be called from a callback.
  void Drain(absl::Duration patience = absl::InfiniteDuration());

  size_t queued_items() const;

 private:
  absl::Status Admit(TicketPtr ticket, v1::NewsItem& item);
  void Work();
  void Code(Ticket& ticket, absl::Time code_until) const;
  void CommitLoop();
  std::vector<TicketPtr> TakeGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Finish(const std::vector<TicketPtr>& group);
  bool Fits(size_t item_bytes) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const IngestOptions options_;
  const Coder coder_;
  const Sink sink_;
  Committer committer_;  // used by the committing thread alone

  mutable absl::Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time code_until_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  uint64_t next_order_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t items_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<TicketPtr> queue_ ABSL_GUARDED_BY(mutex_);
  ReorderBuffer<TicketPtr> coded_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::function<void()>> waiting_for_room_ ABSL_GUARDED_BY(mutex_);

  absl::Mutex drain_mutex_;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(drain_mutex_);  // last: they use the rest
};

}  // namespace demarche::ingest

#endif  // DEMARCHE_SERVER_INGEST_INGESTOR_H_
