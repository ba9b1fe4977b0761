#include "server/record/purge.h"

#include <algorithm>

#include "demarche/v1/event.pb.h"
#include "pipeline/document/quotes.h"
#include "server/record/record.h"

namespace demarche::record {

absl::StatusOr<bool> EraseQuotes(const stored::v1::Purge& purge, std::string& frame) {
  // Most frames need not be parsed.
  const auto& ids = purge.event_ids();
  const auto may_be = [&frame](const std::string& id) { return frame.find(id) != std::string::npos; };
  if (std::none_of(ids.begin(), ids.end(), may_be)) return false;
  const std::string_view bytes = EventBytes(frame);
  v1::DiplomaticEvent event;
  if (bytes.empty() || !event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("a stored revision of an event does not parse");
  }
  if (std::find(ids.begin(), ids.end(), event.event_id()) == ids.end()) return false;
  if (!document::EraseQuotes(purge.publisher(), purge.news_item_id(), event)) return false;
  frame = MakeFrame(event);
  return true;
}

}  // namespace demarche::record
