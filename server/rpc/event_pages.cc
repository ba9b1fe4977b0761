#include "server/rpc/event_pages.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "pipeline/document/hash.h"
#include "pipeline/stories/evidence.h"
#include "pipeline/stories/stories.h"
#include "server/error/error.h"
#include "server/limits/limits.h"
#include "server/log/keys.h"
#include "server/record/record.h"
#include "server/subscription/filters.h"
#include "server/subscription/position.h"
#include "server/subscription/start.h"

namespace demarche::rpc {
namespace {

constexpr size_t kFilterTagDigits = 8;

// What binds a token to its filter.
std::string FilterTag(const std::string& filter) { return ToHex(Sha256({filter})).substr(0, kFilterTagDigits); }

absl::StatusOr<size_t> PageSize(int32_t asked) {
  if (asked < 0 || asked > limits::kMaxPageSize) {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "page_size",
                           std::to_string(asked) + ", must be 0 to " + std::to_string(limits::kMaxPageSize));
  }
  return static_cast<size_t>(asked == 0 ? limits::kDefaultPageSize : asked);
}

absl::StatusOr<uint64_t> StartOf(const v1::ListEventsRequest& request, const log::LogInfo& info) {
  const std::string& token = request.page_token();
  if (token.empty()) return info.first_position;
  const std::string tag = FilterTag(request.filter());
  if (token.size() <= tag.size() || token.compare(0, tag.size(), tag) != 0) {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "page_token", "not a token given for this filter");
  }
  const auto position = subscription::ParsePosition(std::string_view(token).substr(tag.size()), info);
  if (!position.ok()) return position.status();
  const auto opening = subscription::ResolveAfter(*position, v1::ON_EXPIRED_FAIL, info);
  if (!opening.ok()) return opening.status();
  return opening->after;
}

// A page under way, and how far the log was considered for it.
struct Page {
  const size_t size;
  uint64_t position;
  size_t bytes = 0;

  bool is_full(const v1::ListEventsResponse& response) const {
    return static_cast<size_t>(response.events_size()) == size || bytes >= limits::kMaxPageBytes;
  }
};

// Adds what is wanted of a record. False when the page is full before its end.
absl::StatusOr<bool> AddRecord(const log::EventLog& log, const stored::v1::Record& record, const query::Filter& filter, Page& page,
                               v1::ListEventsResponse& response) {
  const uint64_t before = record.last_position() - static_cast<uint64_t>(record.events_size());
  for (int i = page.position > before ? static_cast<int>(page.position - before) : 0; i < record.events_size(); ++i) {
    if (page.is_full(response)) return false;
    const stored::v1::StoredEvent& event = record.events(i);
    page.position = before + 1 + static_cast<uint64_t>(i);
    if (!filter.Matches(event.header())) continue;
    const auto latest = log.LocateEvent(event.event_id());
    if (!latest.ok()) return latest.status();
    if (latest->revision != event.revision() || latest->record_position != record.last_position())
      continue;  // a later revision stands further on
    if (absl::Status status = ParseEvent(event, *response.add_events()); !status.ok()) return status;
    page.bytes += event.frame().size();
  }
  page.position = record.last_position();  // a record without events has one too
  return true;
}

}  // namespace

absl::Status ParseEvent(const stored::v1::StoredEvent& stored, v1::DiplomaticEvent& event) {
  const std::string_view bytes = record::EventBytes(stored.frame());
  if (!bytes.empty() && event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return absl::DataLossError("stored revision " + std::to_string(stored.revision()) + " of event " + stored.event_id() +
                             " does not parse");
}

absl::Status FillPage(const log::EventLog& log, const v1::ListEventsRequest& request, v1::ListEventsResponse& response) {
  const log::LogInfo info = log.info();
  const auto page_size = PageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  const auto filter = subscription::CompileFilter("filter", request.filter());
  if (!filter.ok()) return filter.status();
  const auto start = StartOf(request, info);
  if (!start.ok()) return start.status();

  const auto records = log.Read(*start, limits::kMaxPageBytes);
  if (!records.ok()) return records.status();
  Page page{.size = *page_size, .position = *start};
  bool is_full = false;
  for (const log::RecordPtr& record : *records) {
    const auto fits = AddRecord(log, *record, *filter, page, response);
    if (!fits.ok()) return fits.status();
    if (is_full = !*fits; is_full) break;
  }
  // When nothing was read no events follow.
  if (is_full || (!records->empty() && page.position < info.last_position)) {
    response.set_next_page_token(FilterTag(request.filter()) + subscription::FormatPosition(info.epoch, page.position));
  }
  return absl::OkStatus();
}

absl::Status FillEvidencePage(const log::EventLog& log, const v1::ListEvidenceRequest& request,
                              v1::ListEvidenceResponse& response) {
  const auto page_size = PageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  uint64_t skipped = 0;
  if (!request.page_token().empty() && !absl::SimpleAtoi(request.page_token(), &skipped)) {
    return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, "page_token", "not a token that was given");
  }
  const stage::StateChanges state(log);
  const auto number = stories::NumberOfEvent(request.event_id(), state);
  if (!number.ok()) return absl::IsNotFound(number.status()) ? log::NoSuchEvent(request.event_id()) : number.status();
  uint64_t seen = 0;
  absl::Status status = stories::VisitEvidence(*number, state, [&](std::string_view, stored::v1::KnownEvidence& known) {
    if (seen++ < skipped) return;
    if (static_cast<size_t>(response.evidence_size()) < *page_size) response.add_evidence()->Swap(known.mutable_evidence());
  });
  const uint64_t given = skipped + static_cast<uint64_t>(response.evidence_size());
  if (status.ok() && given < seen) response.set_next_page_token(std::to_string(given));
  return status;
}

}  // namespace demarche::rpc
