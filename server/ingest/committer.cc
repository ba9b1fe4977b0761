#include "server/ingest/committer.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "server/error/error.h"
#include "server/ingest/coder.h"

namespace demarche::ingest {
namespace {

using Key = std::tuple<std::string_view, std::string_view, std::string_view>;

// An item of the group that is answered when the append is known: its own record or, for a repeat, that of the first.
struct Waiting {
  Ticket* ticket;
  size_t record;
  bool is_repeat;
  std::string content_sha256;
};

// What became of the items is not known when the log has stopped. A retry is safe in any case, and finds a log that was opened
// again.
absl::Status AsAnswer(const absl::Status& appended) {
  if (!absl::IsDataLoss(appended)) return error::WithReason(appended);
  return error::WithReason(absl::UnavailableError(appended.message()));
}

}  // namespace

std::vector<log::RecordPtr> Committer::Commit(const std::vector<TicketPtr>& group) {
  std::vector<stored::v1::Record> records;
  std::vector<Waiting> waiting;
  std::map<Key, size_t> taken;  // views into the tickets
  for (const TicketPtr& ticket : group) {
    if (ticket->result.has_value()) continue;
    const std::string& sha = ticket->record.item().content_sha256();
    const log::ItemKey key{ticket->principal, ticket->item.publisher(), ticket->item.news_item_id()};
    const auto [first, is_new] = taken.try_emplace(Key{key.principal, key.publisher, key.news_item_id}, records.size());
    if (!is_new) {
      waiting.push_back({ticket.get(), first->second, true, sha});
      continue;
    }
    // It may have been committed since the worker looked.
    const auto known = log_.FindItem(key);
    if (known.status().code() != absl::StatusCode::kNotFound) {
      ticket->result = known.ok() ? AnswerRepeat(*known, sha) : error::WithReason(known.status());
      taken.erase(first);
      continue;
    }
    waiting.push_back({ticket.get(), records.size(), false, sha});
    records.push_back(std::move(ticket->record));
  }
  if (records.empty()) return {};

  const absl::Status appended = AsAnswer(log_.Append(records));
  for (const Waiting& item : waiting) {
    const stored::v1::ItemEntry& entry = records[item.record].item();
    if (!appended.ok()) {
      item.ticket->result = appended;
    } else if (item.is_repeat) {
      item.ticket->result = AnswerRepeat(entry, item.content_sha256);
    } else {
      item.ticket->result = FirstAnswer(entry);
    }
  }
  if (!appended.ok()) return {};
  std::vector<log::RecordPtr> durable;
  durable.reserve(records.size());
  for (stored::v1::Record& record : records) {
    record.clear_news_item();
    record.clear_item();
    durable.push_back(std::make_shared<const stored::v1::Record>(std::move(record)));
  }
  return durable;
}

}  // namespace demarche::ingest
