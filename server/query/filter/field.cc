#include "server/query/filter/field.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "demarche/v1/event.pb.h"

namespace demarche::query {
namespace {

using Header = stored::v1::FilterHeader;
using Party = stored::v1::Party;

constexpr double kLowestIntensity = -10;
constexpr double kHighestIntensity = 10;

template <typename Number>
Field EnumField(const std::string& name, const google::protobuf::EnumDescriptor* (*values)(), const std::string& prefix,
                Number number) {
  return {.name = name, .type = FieldType::kEnum, .values = values, .value_prefix = prefix, .number = number};
}

void AddPartyFields(Side side, const std::vector<std::string>& names, std::vector<Field>& fields) {
  fields.push_back({.name = names[0], .type = FieldType::kParty, .side = side});
  fields.push_back({.name = names[1],
                    .type = FieldType::kCode,
                    .side = side,
                    .shape = CodeShape::kCountry,
                    .is_party_name = true,
                    .part = [](const Party& party) -> const std::string& { return party.country(); }});
  fields.push_back({.name = names[2],
                    .type = FieldType::kCode,
                    .side = side,
                    .shape = CodeShape::kOrganization,
                    .is_party_name = true,
                    .part = [](const Party& party) -> const std::string& { return party.organization(); }});
  fields.push_back({.name = names[3],
                    .type = FieldType::kText,
                    .side = side,
                    .is_party_name = true,
                    .part = [](const Party& party) -> const std::string& { return party.entity_id(); }});
  fields.push_back({.name = names[4],
                    .type = FieldType::kCode,
                    .side = side,
                    .shape = CodeShape::kOrganization,
                    .part = [](const Party& party) -> const std::string& { return party.sector(); }});
}

void AddEnumFields(std::vector<Field>& fields) {
  fields.push_back(EnumField("type", &v1::EventType_descriptor, "EVENT_TYPE_", [](const Header& h) -> double { return h.type(); }));
  fields.push_back(EnumField("mode", &v1::EventMode_descriptor, "EVENT_MODE_", [](const Header& h) -> double { return h.mode(); }));
  fields.push_back(
      EnumField("state", &v1::EventState_descriptor, "EVENT_STATE_", [](const Header& h) -> double { return h.state(); }));
  fields.push_back(
      EnumField("factuality", &v1::Factuality_descriptor, "FACTUALITY_", [](const Header& h) -> double { return h.factuality(); }));
  fields.push_back(
      EnumField("time_frame", &v1::TimeFrame_descriptor, "TIME_FRAME_", [](const Header& h) -> double { return h.time_frame(); }));
  fields.push_back(
      EnumField("quad_class", &v1::QuadClass_descriptor, "QUAD_CLASS_", [](const Header& h) -> double { return h.quad_class(); }));
}

void AddScalarFields(std::vector<Field>& fields) {
  fields.push_back(
      {.name = "kind", .type = FieldType::kKind, .text = [](const Header& h) -> const std::string& { return h.kind(); }});
  fields.push_back({.name = "intensity",
                    .type = FieldType::kNumber,
                    .lowest = kLowestIntensity,
                    .highest = kHighestIntensity,
                    .number = [](const Header& h) { return h.intensity(); }});
  fields.push_back({.name = "confidence", .type = FieldType::kNumber, .lowest = 0, .highest = 1, .number = [](const Header& h) {
                      return h.confidence();
                    }});
  fields.push_back({.name = "publisher", .text = [](const Header& h) -> const std::string& { return h.publisher(); }});
  fields.push_back({.name = "publisher_count", .type = FieldType::kCount, .number = [](const Header& h) -> double {
                      return h.publisher_count();
                    }});
  fields.push_back({.name = "story_id", .text = [](const Header& h) -> const std::string& { return h.story_id(); }});
  fields.push_back(
      {.name = "event_date", .type = FieldType::kDate, .number = [](const Header& h) -> double { return h.event_date(); }});
  fields.push_back(
      {.name = "reciprocal", .type = FieldType::kBool, .number = [](const Header& h) -> double { return h.reciprocal() ? 1 : 0; }});
  fields.push_back({.name = "location.country",
                    .type = FieldType::kCode,
                    .shape = CodeShape::kCountry,
                    .text = [](const Header& h) -> const std::string& { return h.location_country(); }});
  for (const char* name : {"contexts", "context"}) {
    fields.push_back(
        {.name = name,
         .type = FieldType::kCode,
         .texts = [](const Header& h) -> const google::protobuf::RepeatedPtrField<std::string>& { return h.contexts(); }});
  }
}

// Edits that turn one word into the other: letters put in, left out or changed, neighbours swapped.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> edits(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) edits[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) edits[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      edits[i][j] = std::min({edits[i - 1][j] + 1, edits[i][j - 1] + 1, edits[i - 1][j - 1] + change});
      const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
    }
  }
  return edits[a.size()][b.size()];
}

}  // namespace

const std::vector<Field>& Fields() {
  static const auto* const fields = [] {
    auto* all = new std::vector<Field>;
    AddEnumFields(*all);
    AddScalarFields(*all);
    AddPartyFields(Side::kActors, {"actor", "actor.country", "actor.organization", "actor.entity_id", "actor.sector"}, *all);
    AddPartyFields(Side::kRecipients,
                   {"recipient", "recipient.country", "recipient.organization", "recipient.entity_id", "recipient.sector"}, *all);
    AddPartyFields(Side::kEither, {"party", "party.country", "party.organization", "party.entity_id", "party.sector"}, *all);
    return all;
  }();
  return *fields;
}

const Field* FindField(std::string_view name) {
  for (const Field& field : Fields()) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::string DescribeUnknownField(std::string_view name) {
  const size_t dot = name.find('.');
  const std::string_view parent = name.substr(0, dot);
  std::vector<std::string> all, top, below;
  for (const Field& field : Fields()) {
    all.push_back(field.name);
    if (field.side == Side::kNone || field.type == FieldType::kParty) top.push_back(field.name);
    if (dot != std::string_view::npos && field.name.rfind(std::string(parent) + '.', 0) == 0) below.push_back(field.name);
  }
  if (const std::string closest = Closest(name, all); !closest.empty()) return "did you mean '" + closest + "'?";
  if (!below.empty()) return "there are " + absl::StrJoin(below, ", ");
  return "the fields are " + absl::StrJoin(top, ", ");
}

std::string Closest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr size_t kLongestWord = 64;
  if (word.size() > kLongestWord) return {};
  const std::string wanted = absl::AsciiStrToLower(std::string(word));
  std::string best;
  size_t fewest = SIZE_MAX;
  for (const std::string& candidate : candidates) {
    const size_t edits = EditDistance(wanted, absl::AsciiStrToLower(candidate));
    const size_t bound = std::max<size_t>(1, std::min(wanted.size(), candidate.size()) / 3);
    if (edits <= bound && edits < fewest) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

}  // namespace demarche::query
