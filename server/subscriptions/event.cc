#include "server/subscriptions/event.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

#include "demarche/v1/event.pb.h"
#include "demarche/v1/event_service.pb.h"
#include "google/protobuf/io/coded_stream.h"

namespace demarche::subscriptions {
namespace {

constexpr size_t kDigits = 16;  // of a position

// Takes the fields of encoded revisions: each has a tag of one byte and a length.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : rest_(bytes) {}

  bool is_at_end() const { return rest_.empty(); }
  // With its tag and length.
  std::string_view Whole() { return Next().first; }
  std::string_view Content() { return Next().second; }

 private:
  std::pair<std::string_view, std::string_view> Next() {
    google::protobuf::io::CodedInputStream head(reinterpret_cast<const uint8_t*>(rest_.data()) + 1,
                                                static_cast<int>(rest_.size() - 1));
    uint32_t size = 0;
    head.ReadVarint32(&size);
    const auto begin = static_cast<size_t>(head.CurrentPosition()) + 1;
    const std::pair<std::string_view, std::string_view> field(rest_.substr(0, begin + size), rest_.substr(begin, size));
    rest_.remove_prefix(begin + size);
    return field;
  }

  std::string_view rest_;
};

std::string KeyOf(const v1::Actor& actor) {
  if (!actor.entity_id().empty()) return actor.entity_id();
  if (!actor.organization_code().empty()) return actor.organization_code();
  return actor.country_code().empty() ? actor.mention() : actor.country_code();
}

uint64_t HashOf(std::string a, std::string b) {
  if (b < a) a.swap(b);
  return std::hash<std::string>()(a + '\n' + b);
}

}  // namespace

std::vector<EventPtr> Split(const subscription::Batch& batch, bool with_pairs) {
  v1::EventBatch beside;
  beside.ParseFromString(batch.beside);
  std::vector<EventPtr> events;
  events.reserve(batch.events);
  for (const subscription::Batch::Piece& piece : batch.pieces) {
    Fields fields({piece.data.get(), piece.size});
    while (!fields.is_at_end()) {
      const auto index = static_cast<int>(events.size());
      Event event;
      event.frame = fields.Whole();
      const std::string_view position = fields.Content();
      std::from_chars(position.data() + position.size() - kDigits, position.data() + position.size(), event.position, 16);
      event.append_time = fields.Content();
      event.match = {beside.matched_filters(index), beside.filter_exit(index)};
      if (with_pairs) event.pairs = PairsOf(event.frame);
      events.push_back(std::make_shared<const Event>(std::move(event)));
    }
  }
  return events;
}

std::vector<uint64_t> PairsOf(std::string_view frame) {
  const std::string_view content = Fields(frame).Content();
  v1::DiplomaticEvent event;
  event.ParseFromArray(content.data(), static_cast<int>(content.size()));
  std::vector<uint64_t> pairs;
  const auto& others = event.recipients_size() > 0 ? event.recipients() : event.actors();
  for (const v1::Actor& actor : event.actors()) {
    for (const v1::Actor& other : others) {
      if (&actor != &other || event.actors_size() == 1) pairs.push_back(HashOf(KeyOf(actor), KeyOf(other)));
    }
  }
  for (const v1::Actor& recipient : event.recipients()) {
    if (event.actors().empty()) pairs.push_back(HashOf(KeyOf(recipient), KeyOf(recipient)));
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace demarche::subscriptions
