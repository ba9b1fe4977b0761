#include "server/query/filter/anchor.h"

#include <iterator>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"

namespace demarche::query {
namespace {

// What a key begins with. Kinds are rarer than parties, and these than types.
constexpr char kKind = 'k';
constexpr char kParty = 'p';
constexpr char kType = 't';

int CostOf(const Anchors& anchors) {
  int cost = 0;
  for (const std::string& anchor : anchors) cost += anchor[0] == kKind ? 1 : anchor[0] == kParty ? 2 : 4;
  return cost;
}

// Folded, for most comparisons ignore the case: a key may stand for more than is wanted, never for less.
void Set(char prefix, std::string_view value, std::string& anchor) {
  anchor.assign(1, prefix);
  for (const char c : value) anchor.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
}

Anchors OfComparison(const Comparison& comparison) {
  if (comparison.op != Operator::kEqual || comparison.is_presence) return {};
  const Field& field = *comparison.field;
  Anchors anchors(1);
  if (field.type == FieldType::kKind) {
    Set(kKind, comparison.text, anchors[0]);
  } else if (field.name == "type") {
    Set(kType, std::to_string(static_cast<int>(comparison.number)), anchors[0]);
  } else if (field.type == FieldType::kParty || field.is_party_name) {
    Set(kParty, comparison.text, anchors[0]);
  } else {
    return {};
  }
  return anchors;
}

}  // namespace

Anchors AnchorsOf(const Expression& expression) {
  Anchors best;
  switch (expression.kind) {
    case Expression::Kind::kComparison:
      return OfComparison(expression.comparison);
    case Expression::Kind::kNot:
      return {};
    case Expression::Kind::kAll:
      for (const Expression& child : expression.children) {
        Anchors anchors = AnchorsOf(child);
        if (!anchors.empty() && (best.empty() || CostOf(anchors) < CostOf(best))) best = std::move(anchors);
      }
      return best;
    case Expression::Kind::kAny:
      for (const Expression& child : expression.children) {
        Anchors anchors = AnchorsOf(child);
        if (anchors.empty()) return {};
        best.insert(best.end(), std::make_move_iterator(anchors.begin()), std::make_move_iterator(anchors.end()));
      }
      return best;
  }
  return best;
}

void FindAnchors(const stored::v1::FilterHeader& header, Anchors& anchors) {
  size_t count = 0;
  const auto add = [&](char prefix, std::string_view value) {
    if (value.empty()) return;
    if (anchors.size() == count) anchors.emplace_back();
    Set(prefix, value, anchors[count++]);
  };
  add(kType, std::to_string(header.type()));
  add(kKind, header.kind());
  for (const auto* side : {&header.actors(), &header.recipients()}) {
    for (const stored::v1::Party& party : *side) {
      add(kParty, party.country());
      add(kParty, party.organization());
      add(kParty, party.entity_id());
    }
  }
  anchors.resize(count);
}

}  // namespace demarche::query
