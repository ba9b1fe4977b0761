#include "pipeline/stories/outline.h"

#include <algorithm>
#include <string>
#include <vector>

#include "pipeline/document/hash.h"
#include "pipeline/document/parties.h"
#include "pipeline/stories/dates.h"
#include "pipeline/stories/links.h"

namespace demarche::stories {
namespace {

constexpr size_t kCounts = 2;  // that stand before the links

uint32_t BitsOf(const google::protobuf::RepeatedPtrField<v1::Actor>& actors) {
  uint32_t bits = 0;
  for (const v1::Actor& actor : actors) {
    const std::string& code = document::CodeOf(actor);
    if (!code.empty()) bits |= uint32_t{1} << (Digest64(code) & 31);
  }
  return bits;
}

}  // namespace

Traits TraitsOf(const v1::DiplomaticEvent& event, int32_t first_day, int32_t last_day) {
  const std::string& country = event.location().country_code();
  return {.first_day = first_day,
          .last_day = last_day,
          .date = PackedDate(event.event_date()),
          .kind = static_cast<uint32_t>(Digest64(event.kind())),
          .actors = BitsOf(event.actors()),
          .recipients = BitsOf(event.recipients()),
          .place = static_cast<uint16_t>(country.empty() ? 0 : Digest64(country) | 1),
          .type = static_cast<uint8_t>(event.type()),
          .mode = static_cast<uint8_t>(event.mode()),
          .factuality = static_cast<uint8_t>(event.factuality()),
          .time_frame = static_cast<uint8_t>(event.time_frame()),
          .reciprocal = event.reciprocal()};
}

stored::v1::EventOutline OutlineOf(const stored::v1::KnownEvent& known) {
  const v1::DiplomaticEvent& event = known.event();
  const Traits traits = TraitsOf(event, known.first_day(), known.last_day());
  stored::v1::EventOutline row;
  for (const uint32_t link : LinksOf(event, known.first_day())) row.add_links(link);
  row.set_type(event.type());
  row.set_mode(event.mode());
  row.set_factuality(event.factuality());
  row.set_time_frame(event.time_frame());
  row.set_reciprocal(event.reciprocal());
  row.set_kind(traits.kind);
  row.set_place(traits.place);
  row.set_date(traits.date);
  row.set_actors(traits.actors);
  row.set_recipients(traits.recipients);
  row.set_first_day(traits.first_day);
  row.set_last_day(traits.last_day);
  *row.mutable_words() = known.words();
  return row;
}

Outline::Outline(const stored::v1::EventOutline& row)
    : traits_{.first_day = row.first_day(),
              .last_day = row.last_day(),
              .date = row.date(),
              .kind = row.kind(),
              .actors = row.actors(),
              .recipients = row.recipients(),
              .place = static_cast<uint16_t>(row.place()),
              .type = static_cast<uint8_t>(row.type()),
              .mode = static_cast<uint8_t>(row.mode()),
              .factuality = static_cast<uint8_t>(row.factuality()),
              .time_frame = static_cast<uint8_t>(row.time_frame()),
              .reciprocal = row.reciprocal()} {
  const std::vector<uint16_t> words = HalvesOf({row.words().data(), static_cast<size_t>(row.words_size())});
  const auto links = static_cast<size_t>(row.links_size());
  rest_ = std::make_unique_for_overwrite<uint16_t[]>(kCounts + 2 * links + words.size());
  uint16_t* at = rest_.get();
  *at++ = static_cast<uint16_t>(links);
  *at++ = static_cast<uint16_t>(words.size());
  for (const uint32_t link : row.links()) {
    *at++ = static_cast<uint16_t>(link >> 16);
    *at++ = static_cast<uint16_t>(link);
  }
  std::copy(words.begin(), words.end(), at);
}

std::vector<uint32_t> Outline::links() const {
  std::vector<uint32_t> links(is_empty() ? 0 : rest_[0]);
  const uint16_t* at = rest_.get() + kCounts;
  for (uint32_t& link : links) {
    link = uint32_t{at[0]} << 16 | at[1];
    at += 2;
  }
  return links;
}

std::span<const uint16_t> Outline::words() const {
  if (is_empty()) return {};
  return {rest_.get() + kCounts + 2 * rest_[0], rest_[1]};
}

std::vector<uint16_t> HalvesOf(std::span<const uint32_t> words) {
  std::vector<uint16_t> halves(words.begin(), words.end());
  std::sort(halves.begin(), halves.end());
  halves.erase(std::unique(halves.begin(), halves.end()), halves.end());
  return halves;
}

}  // namespace demarche::stories
