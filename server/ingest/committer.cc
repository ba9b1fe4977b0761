#include "server/ingest/committer.h"

#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "server/error/error.h"
#include "server/ingest/coder.h"
#include "server/ingest/purge.h"
#include "server/log/keys.h"
#include "server/record/purge.h"
#include "server/record/record.h"

namespace demarche::ingest {
namespace {

constexpr size_t kMostFailed = 4096;

// What became of the items is not known when the log has stopped. A retry is safe in any case, and finds a log that was opened
// again.
absl::Status AsAnswer(const absl::Status& appended) {
  if (!absl::IsDataLoss(appended)) return error::WithReason(appended);
  return error::WithReason(absl::UnavailableError(appended.message()));
}

absl::Status OriginalFailed() {
  return error::WithReason(absl::UnavailableError("the item was sent before and could not be stored: send it again first"));
}

// The event that is remembered belongs to no trace: its revisions come from many.
stored::v1::StoredEvent Traced(const stories::EventChange& change, const tracing::ItemTrace* trace) {
  if (trace == nullptr) return record::MakeStoredEvent(*change.event, change.before.get());
  v1::DiplomaticEvent traced = *change.event;
  traced.set_traceparent(trace->traceparent());
  traced.set_tracestate(trace->tracestate());
  return record::MakeStoredEvent(traced, change.before.get());
}

// `cause` is the ticket whose record it is.
void AddEvents(const run::Remembered& remembered, const Ticket& cause, stored::v1::Record& record) {
  for (const stories::EventChange& change : remembered.changes) {
    stored::v1::StoredEvent& event = *record.add_events();
    event = Traced(change, cause.trace.get());
    event.set_cause_publisher(cause.item.publisher());
    event.set_cause_news_item_id(cause.item.news_item_id());
  }
}

// What the hub is given of a durable record, which is then spent.
log::RecordPtr WithoutItem(stored::v1::Record& record) {
  record.clear_news_item();
  record.clear_item();
  record.clear_state();
  return std::make_shared<const stored::v1::Record>(std::move(record));
}

}  // namespace

// What goes into one append.
class Committer::Batch {
 public:
  // An item that is answered when the append is known: its own record or, for a repeat, that of the first.
  struct Waiting {
    Ticket* ticket;
    size_t record;
    bool is_repeat;
    std::string content_sha256;
  };

  std::vector<stored::v1::Record> records;
  std::vector<Waiting> waiting;
  std::map<Name, size_t> taken;
};

std::vector<log::RecordPtr> Committer::Commit(const std::vector<TicketPtr>& group) {
  std::vector<log::RecordPtr> durable;
  for (size_t at = 0; at < group.size();) {
    if (group[at]->is_purge && !group[at]->result.has_value()) {
      CommitPurge(*group[at++], durable);
      continue;
    }
    Batch batch;
    at = Fill(group, at, batch);
    if (!batch.records.empty()) Append(batch, durable);
  }
  return durable;
}

size_t Committer::Fill(const std::vector<TicketPtr>& group, size_t at, Batch& batch) {
  for (; at < group.size(); ++at) {
    Ticket& ticket = *group[at];
    if (ticket.result.has_value()) continue;
    if (ticket.is_purge) return at;
    const std::string& sha = ticket.record.item().content_sha256();
    const log::ItemKey key{ticket.principal, ticket.item.publisher(), ticket.item.news_item_id()};
    const Name name(key.principal, key.publisher, key.news_item_id);
    if (const auto first = batch.taken.find(name); first != batch.taken.end()) {
      if (ticket.is_withdrawal || ticket.item.supersedes_revision() != 0) return at;
      batch.waiting.push_back({&ticket, first->second, true, sha});
      continue;
    }
    // It may have been committed since the worker looked.
    const auto known = log_.FindItem(key);
    if (!known.ok() && known.status().code() != absl::StatusCode::kNotFound) {
      ticket.result = error::WithReason(known.status());
      continue;
    }
    absl::Status status;
    const bool needs_known = ticket.is_withdrawal || ticket.item.supersedes_revision() != 0;
    if (!known.ok() && needs_known && failed_.contains(name)) {
      status = OriginalFailed();
    } else if (ticket.is_withdrawal) {
      if (known.ok() && known->retracted()) {
        ticket.result = FirstAnswer(*known);
        ticket.result->value().event_ids.clear();  // it changes nothing more
        continue;
      }
      status = known.ok() ? Withdraw(ticket, *known) : error::WithReason(known.status());
    } else if (known.ok() && !IsCorrection(ticket.item, *known)) {
      ticket.result = AnswerRepeat(*known, sha);
      continue;
    } else if (!known.ok() && ticket.item.supersedes_revision() != 0) {
      status = NothingToCorrect();
    } else {
      status = Remember(ticket, known.ok() ? &*known : nullptr);
    }
    if (!status.ok()) {
      ticket.result = status;
      continue;
    }
    batch.taken.emplace(name, batch.records.size());
    batch.waiting.push_back({&ticket, batch.records.size(), false, sha});
    batch.records.push_back(std::move(ticket.record));
  }
  return at;
}

// Events that the state does not know are taken from the log; those that are nowhere any more stand for nothing.
absl::StatusOr<run::Earlier> Committer::EarlierOf(const stored::v1::ItemEntry& entry) const {
  run::Earlier earlier;
  earlier.known_item = entry.known_item();
  for (const std::string& event_id : entry.event_ids()) {
    if (absl::IsNotFound(memory_.FindEvent(event_id).status())) {
      const auto found = log_.FindEvent(event_id);
      if (absl::IsNotFound(found.status())) continue;
      if (!found.ok()) return found.status();
      const std::string_view bytes = record::EventBytes(found->event.frame());
      if (!earlier.lost.emplace_back().ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return absl::DataLossError("the last revision of event " + event_id + " does not parse");
      }
      earlier.lost.back().clear_traceparent();
      earlier.lost.back().clear_tracestate();
    }
    earlier.event_ids.push_back(event_id);
  }
  return earlier;
}

absl::Status Committer::Remember(Ticket& ticket, const stored::v1::ItemEntry* known) {
  const auto earlier = known == nullptr ? run::Earlier() : EarlierOf(*known);
  if (!earlier.ok()) return error::WithReason(earlier.status());
  const auto remember = [&] {
    return known == nullptr ? memory_.Remember(ticket.item, ticket.coded) : memory_.Correct(ticket.item, ticket.coded, *earlier);
  };
  auto remembered = remember();
  if (ticket.coded.is_known && absl::IsUnavailable(remembered.status())) {
    if (absl::Status status = coder_.CodeCopy(ticket); !status.ok()) return status;
    remembered = remember();
  }
  if (!remembered.ok()) return error::WithReason(remembered.status());
  stored::v1::ItemEntry& entry = *ticket.record.mutable_item();
  entry.set_outcome(remembered->outcome);
  entry.set_original_news_item_id(remembered->original_news_item_id);
  entry.set_known_item(remembered->known_item);
  if (known != nullptr) {
    entry.set_corrections(known->corrections() + 1);
    entry.set_previous_position(known->last_position());
  }
  for (const std::string& event_id : remembered->event_ids) entry.add_event_ids(event_id);
  AddEvents(*remembered, ticket, ticket.record);
  memory_.changes().AddItemTo(ticket.record);
  return absl::OkStatus();
}

absl::Status Committer::Withdraw(Ticket& ticket, const stored::v1::ItemEntry& known) {
  const auto earlier = EarlierOf(known);
  if (!earlier.ok()) return error::WithReason(earlier.status());
  const auto remembered = memory_.Withdraw(known.publisher(), known.news_item_id(), *earlier);
  if (!remembered.ok()) return error::WithReason(remembered.status());
  *ticket.record.mutable_item() = known;
  ticket.record.mutable_item()->set_retracted(true);
  ticket.record.mutable_item()->set_previous_position(known.last_position());
  const auto text = log_.FindNewsItem({known.principal(), known.publisher(), known.news_item_id()});
  if (text.ok()) ticket.record.set_news_item(*text);
  AddEvents(*remembered, ticket, ticket.record);
  memory_.changes().AddItemTo(ticket.record);
  return absl::OkStatus();
}

void Committer::CommitPurge(Ticket& ticket, std::vector<log::RecordPtr>& durable) {
  const tracing::Step step(ticket.trace.get(), "append");
  ticket.result = Purge(ticket);
  if (!ticket.result->ok()) memory_.changes().Discard();
  if (!ticket.record.has_item() || !ticket.result->ok()) return;
  memory_.changes().Committed();
  durable.push_back(WithoutItem(ticket.record));
}

absl::StatusOr<Published> Committer::Purge(Ticket& ticket) {
  const log::ItemKey key{ticket.principal, ticket.item.publisher(), ticket.item.news_item_id()};
  const auto known = log_.FindItem(key);
  if (absl::IsNotFound(known.status()) && failed_.contains(Name(key.principal, key.publisher, key.news_item_id))) {
    return OriginalFailed();
  }
  if (!known.ok()) return error::WithReason(known.status());
  Published published = FirstAnswer(*known);
  published.event_ids.clear();
  if (known->purged()) return published;
  const auto earlier = known->retracted() ? run::Earlier{.known_item = known->known_item()} : EarlierOf(*known);
  if (!earlier.ok()) return error::WithReason(earlier.status());
  auto words = FindWords(log_, *known);
  if (!words.ok()) return error::WithReason(words.status());
  const std::vector<std::string> event_ids(words->purge.event_ids().begin(), words->purge.event_ids().end());
  const auto remembered = memory_.Purge(known->publisher(), known->news_item_id(), *earlier, event_ids, known->retracted());
  if (!remembered.ok()) return error::WithReason(remembered.status());
  for (const std::string& prefix : remembered->erased_prefixes) words->purge.mutable_places()->add_stage_prefixes(prefix);

  stored::v1::ItemEntry& entry = *ticket.record.mutable_item();
  entry = *known;
  entry.set_retracted(true);
  entry.set_purged(true);
  entry.set_previous_position(known->last_position());
  AddEvents(*remembered, ticket, ticket.record);
  memory_.changes().AddItemTo(ticket.record);
  log::Erasure erasure{.revisions = std::move(words->revisions), .texts = std::move(words->texts)};
  erasure.state = {{std::string(record::kPurgePrefix) + log::KeyOfItem(key), words->purge.SerializeAsString()}};
  std::set<std::string> changed(remembered->event_ids.begin(), remembered->event_ids.end());
  for (const stored::v1::StoredEvent& revision : erasure.revisions) changed.insert(revision.event_id());
  published.event_ids.assign(changed.begin(), changed.end());
  if (absl::Status status = log_.Erase(ticket.record, erasure); !status.ok()) return AsAnswer(status);
  return published;
}

void Committer::Append(Batch& batch, std::vector<log::RecordPtr>& durable) {
  for (const Batch::Waiting& item : batch.waiting) {
    if (item.ticket->trace != nullptr) item.ticket->trace->Enter("append");
  }
  const absl::Status appended = AsAnswer(log_.Append(batch.records));
  for (const Batch::Waiting& item : batch.waiting) {
    if (item.ticket->trace != nullptr) item.ticket->trace->Leave();
  }
  if (appended.ok()) {
    memory_.changes().Committed();
  } else {
    memory_.changes().Discard();
  }
  if (failed_.size() > kMostFailed) failed_.clear();
  for (const auto& [name, record] : batch.taken) {
    if (appended.ok()) {
      failed_.erase(name);
    } else {
      failed_.insert(name);
    }
  }
  for (const Batch::Waiting& item : batch.waiting) {
    const stored::v1::Record& record = batch.records[item.record];
    if (!appended.ok()) {
      item.ticket->result = appended;
    } else if (item.is_repeat) {
      item.ticket->result = AnswerRepeat(record.item(), item.content_sha256);
    } else {
      item.ticket->result = FirstAnswer(record.item());
    }
    if (appended.ok() && item.ticket->is_withdrawal) {
      std::vector<std::string>& changed = item.ticket->result->value().event_ids;
      changed.clear();
      for (const stored::v1::StoredEvent& event : record.events()) changed.push_back(event.event_id());
    }
  }
  if (!appended.ok()) return;
  durable.reserve(durable.size() + batch.records.size());
  for (stored::v1::Record& record : batch.records) durable.push_back(WithoutItem(record));
}

}  // namespace demarche::ingest
