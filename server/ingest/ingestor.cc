#include "server/ingest/ingestor.h"

#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "server/error/error.h"

namespace demarche::ingest {
namespace {

absl::Status Draining() {
  return error::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DRAINING, "the server is shutting down: nothing was stored",
                     {.retry_after = limits::kRetryWhenDraining});
}

absl::Status Full(size_t items, size_t bytes) {
  return error::Make(
      absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_QUOTA_EXCEEDED,
      "too much is waiting: " + std::to_string(items) + " items, " + std::to_string(bytes) + " bytes; nothing was stored",
      {.metadata = {{"queued_items", std::to_string(items)}, {"queued_bytes", std::to_string(bytes)}},
       .retry_after = limits::kRetryWhenFull});
}

}  // namespace

Ingestor::Ingestor(const run::Runner& runner, log::EventLog& log, run::Memory& memory, IngestOptions options, Sink sink)
    : options_(std::move(options)),
      coder_(runner, log, memory, options_.store_text),
      sink_(std::move(sink)),
      committer_(log, memory, coder_) {
  absl::MutexLock lock(&drain_mutex_);
  for (int i = 0; i < options_.workers; ++i) threads_.emplace_back([this] { Work(); });
  threads_.emplace_back([this] { CommitLoop(); });
}

Ingestor::~Ingestor() { Drain(); }

bool Ingestor::Fits(size_t item_bytes) const {
  return items_ == 0 || (items_ < options_.max_items && bytes_ + item_bytes <= options_.max_bytes);
}

absl::Status Ingestor::Submit(v1::NewsItem& item, std::string principal, Answer answer, tracing::ItemTracePtr trace) {
  auto ticket = std::make_unique<Ticket>();
  ticket->principal = std::move(principal);
  ticket->answer = std::move(answer);
  ticket->trace = std::move(trace);
  return Admit(std::move(ticket), item);
}

absl::Status Ingestor::SubmitWithdrawal(std::string publisher, std::string news_item_id, std::string principal, bool is_purge,
                                        Answer answer, tracing::ItemTracePtr trace) {
  auto ticket = std::make_unique<Ticket>();
  ticket->is_withdrawal = true;
  ticket->is_purge = is_purge;
  ticket->principal = std::move(principal);
  ticket->answer = std::move(answer);
  ticket->trace = std::move(trace);
  v1::NewsItem item;
  item.set_publisher(std::move(publisher));
  item.set_news_item_id(std::move(news_item_id));
  return Admit(std::move(ticket), item);
}

absl::Status Ingestor::Admit(TicketPtr ticket, v1::NewsItem& item) {
  ticket->bytes = item.ByteSizeLong();
  ticket->ingest_time_us = options_.clock();
  absl::MutexLock lock(&mutex_);
  if (draining_) return Draining();
  if (!Fits(ticket->bytes)) return Full(items_, bytes_);
  ticket->item = std::move(item);
  ticket->order = next_order_++;
  ++items_;
  bytes_ += ticket->bytes;
  if (ticket->trace != nullptr) ticket->trace->Enter("queue");
  queue_.push_back(std::move(ticket));
  return absl::OkStatus();
}

void Ingestor::WhenRoom(size_t item_bytes, std::function<void()> callback) {
  {
    absl::MutexLock lock(&mutex_);
    if (!draining_ && !Fits(item_bytes)) {
      waiting_for_room_.push_back(std::move(callback));
      return;
    }
  }
  callback();
}

void Ingestor::Drain(absl::Duration patience) {
  absl::MutexLock drain_lock(&drain_mutex_);
  std::vector<std::function<void()>> waiting;
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
    code_until_ = absl::Now() + patience;
    waiting.swap(waiting_for_room_);
  }
  for (const auto& callback : waiting) callback();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

size_t Ingestor::queued_items() const {
  absl::MutexLock lock(&mutex_);
  return items_;
}

void Ingestor::Work() {
  const auto ready = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return draining_ || !queue_.empty(); };
  while (true) {
    TicketPtr ticket;
    absl::Time code_until;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&ready));
      if (queue_.empty()) return;
      ticket = std::move(queue_.front());
      queue_.pop_front();
      code_until = code_until_;
    }
    Code(*ticket, code_until);
    ticket->record_bytes = ticket->record.ByteSizeLong();
    for (const v1::DiplomaticEvent& event : ticket->coded.events) ticket->record_bytes += event.ByteSizeLong();
    absl::MutexLock lock(&mutex_);
    const uint64_t order = ticket->order;
    coded_.Put(order, std::move(ticket));
  }
}

void Ingestor::Code(Ticket& ticket, absl::Time code_until) const {
  if (ticket.trace != nullptr) ticket.trace->Leave();
  if (absl::Now() >= code_until) {
    ticket.result = Draining();
    return;
  }
  if (ticket.is_withdrawal || ticket.trace == nullptr) return coder_.Code(ticket);
  const tracing::Step step(ticket.trace.get(), "classify");
  coder_.Code(ticket);
  ticket.trace->Note("demarche.news_item_id", ticket.item.news_item_id());
  ticket.trace->Note("demarche.event_count", static_cast<int64_t>(ticket.coded.events.size()));
}

void Ingestor::CommitLoop() {
  const auto ready = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return coded_.HasNext() || (draining_ && items_ == 0); };
  while (true) {
    std::vector<TicketPtr> group;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&ready));
      if (!coded_.HasNext()) return;
      group = TakeGroup();
    }
    const bool is_purge = group.front()->is_purge;
    const std::vector<log::RecordPtr> durable = committer_.Commit(group);
    if (!is_purge) Finish(group);
    if (is_purge && options_.on_erased && !durable.empty()) options_.on_erased();
    if (!durable.empty()) sink_(durable);
    if (is_purge) Finish(group);
  }
}

std::vector<TicketPtr> Ingestor::TakeGroup() {
  std::vector<TicketPtr> group;
  if (coded_.PeekNext()->is_purge) {
    group.push_back(coded_.TakeNext());
    return group;
  }
  size_t bytes = 0;
  while (coded_.HasNext() && group.size() < limits::kMaxGroupItems) {
    bytes += coded_.PeekNext()->record_bytes;
    if (!group.empty() && (bytes > limits::kMaxGroupBytes || coded_.PeekNext()->is_purge)) break;
    group.push_back(coded_.TakeNext());
  }
  return group;
}

void Ingestor::Finish(const std::vector<TicketPtr>& group) {
  std::vector<std::function<void()>> waiting;
  {
    absl::MutexLock lock(&mutex_);
    items_ -= group.size();
    for (const TicketPtr& ticket : group) bytes_ -= ticket->bytes;
    waiting.swap(waiting_for_room_);
  }
  for (const TicketPtr& ticket : group) ticket->answer(*ticket->result);
  for (const auto& callback : waiting) callback();
}

}  // namespace demarche::ingest
