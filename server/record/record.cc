#include "server/record/record.h"

#include <cstdint>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace demarche::record {
namespace {

using ::google::protobuf::io::CodedInputStream;
using ::google::protobuf::io::CodedOutputStream;

constexpr uint8_t kEventsTag = 0x0A;  // field 1, length-delimited

void AddParties(const google::protobuf::RepeatedPtrField<v1::Actor>& actors,
                google::protobuf::RepeatedPtrField<stored::v1::Party>& parties) {
  for (const v1::Actor& actor : actors) {
    stored::v1::Party& party = *parties.Add();
    party.set_country(actor.country_code());
    party.set_organization(actor.organization_code());
    party.set_entity_id(actor.entity_id());
    party.set_sector(actor.sector());
  }
}

}  // namespace

stored::v1::FilterHeader MakeHeader(const v1::DiplomaticEvent& event) {
  stored::v1::FilterHeader header;
  header.set_state(event.state());
  header.set_type(event.type());
  header.set_mode(event.mode());
  header.set_kind(event.kind());
  header.set_factuality(event.factuality());
  header.set_time_frame(event.time_frame());
  header.set_quad_class(event.quad_class());
  header.set_intensity(event.intensity());
  header.set_confidence(event.confidence());
  AddParties(event.actors(), *header.mutable_actors());
  AddParties(event.recipients(), *header.mutable_recipients());
  *header.mutable_contexts() = event.contexts();
  const v1::EventDate& date = event.event_date();
  header.set_event_date(date.year() * 10000 + date.month() * 100 + date.day());
  header.set_publisher_count(event.publisher_count());
  if (event.evidence_size() > 0) header.set_publisher(event.evidence(0).publisher());
  header.set_location_country(event.location().country_code());
  header.set_reciprocal(event.reciprocal());
  header.set_story_id(event.story_id());
  return header;
}

std::string MakeFrame(const v1::DiplomaticEvent& event) {
  const size_t size = event.ByteSizeLong();
  std::string frame(1 + CodedOutputStream::VarintSize64(size) + size, '\0');
  auto* out = reinterpret_cast<uint8_t*>(frame.data());
  *out++ = kEventsTag;
  out = CodedOutputStream::WriteVarint64ToArray(size, out);
  event.SerializeWithCachedSizesToArray(out);
  return frame;
}

std::string_view EventBytes(std::string_view frame) {
  CodedInputStream in(reinterpret_cast<const uint8_t*>(frame.data()), static_cast<int>(frame.size()));
  uint64_t size = 0;
  if (in.ReadTag() != kEventsTag || !in.ReadVarint64(&size)) return {};
  const auto start = static_cast<size_t>(in.CurrentPosition());
  if (frame.size() - start != size) return {};
  return frame.substr(start);
}

stored::v1::StoredEvent MakeStoredEvent(const v1::DiplomaticEvent& event, const v1::DiplomaticEvent* before) {
  stored::v1::StoredEvent stored;
  stored.set_event_id(event.event_id());
  stored.set_revision(event.revision());
  stored.set_frame(MakeFrame(event));
  *stored.mutable_header() = MakeHeader(event);
  if (before != nullptr) *stored.mutable_previous_header() = MakeHeader(*before);
  return stored;
}

}  // namespace demarche::record
