#include "server/record/purge.h"

#include <cstdint>

#include "demarche/v1/event.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "pipeline/document/quotes.h"
#include "server/record/record.h"

namespace demarche::record {
namespace {

constexpr uint32_t kIdTag = v1::DiplomaticEvent::kEventIdFieldNumber << 3 | 2;

// The id of a serialised event, which stands first in it; most need not be parsed.
std::string IdOf(std::string_view event) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(event.data()), static_cast<int>(event.size()));
  std::string id;
  uint32_t size = 0;
  if (in.ReadTag() != kIdTag || !in.ReadVarint32(&size) || !in.ReadString(&id, static_cast<int>(size))) id.clear();
  return id;
}

}  // namespace

QuoteEraser::QuoteEraser(const stored::v1::Purge& purge)
    : publisher_(purge.publisher()),
      news_item_id_(purge.news_item_id()),
      event_ids_(purge.event_ids().begin(), purge.event_ids().end()) {}

absl::StatusOr<bool> QuoteEraser::EraseFrom(std::string& frame) const {
  const std::string_view bytes = EventBytes(frame);
  if (!bytes.empty() && !event_ids_.contains(IdOf(bytes))) return false;
  v1::DiplomaticEvent event;
  if (bytes.empty() || !event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("a stored revision of an event does not parse");
  }
  if (!document::EraseQuotes(publisher_, news_item_id_, event)) return false;
  frame = MakeFrame(event);
  return true;
}

}  // namespace demarche::record
