#include "server/query/filter/comparison.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace demarche::query {
namespace {

using Header = stored::v1::FilterHeader;
using Party = stored::v1::Party;

template <typename Value>
bool Compare(Operator op, const Value& left, const Value& right) {
  switch (op) {
    case Operator::kEqual:
      return left == right;
    case Operator::kNotEqual:
      return left != right;
    case Operator::kLess:
      return left < right;
    case Operator::kLessOrEqual:
      return left <= right;
    case Operator::kGreater:
      return left > right;
    case Operator::kGreaterOrEqual:
      return left >= right;
  }
  return false;
}

// A comparison with a date holds when it holds for each day that the event may have been on; only != is the opposite of =.
bool CompareDate(const Comparison& comparison, int32_t event_date) {
  if (event_date == 0) return comparison.op == Operator::kNotEqual;
  constexpr int32_t kDays = 100, kLastDay = 31, kMonths = 10000, kLastMonth = 1231;
  int32_t first = event_date, last = event_date;
  if (event_date % kMonths == 0) {
    first = event_date + 101;
    last = event_date + kLastMonth;
  } else if (event_date % kDays == 0) {
    first = event_date + 1;
    last = event_date + kLastDay;
  }
  const bool is_within = first >= comparison.first_day && last <= comparison.last_day;
  switch (comparison.op) {
    case Operator::kEqual:
      return is_within;
    case Operator::kNotEqual:
      return !is_within;
    case Operator::kLess:
      return last < comparison.first_day;
    case Operator::kLessOrEqual:
      return last <= comparison.last_day;
    case Operator::kGreater:
      return first > comparison.last_day;
    case Operator::kGreaterOrEqual:
      return first >= comparison.first_day;
  }
  return false;
}

bool CompareText(const Comparison& comparison, const std::string& value) {
  if (comparison.is_presence) return !value.empty();
  const bool is_exact = comparison.field->type == FieldType::kText;
  const bool is_equal = is_exact ? value == comparison.text : absl::EqualsIgnoreCase(value, comparison.text);
  return is_equal == (comparison.op == Operator::kEqual);
}

bool CompareParty(const Comparison& comparison, const Party& party) {
  if (comparison.field->part != nullptr) return CompareText(comparison, comparison.field->part(party));
  return comparison.is_presence || absl::EqualsIgnoreCase(party.country(), comparison.text) ||
         absl::EqualsIgnoreCase(party.organization(), comparison.text) || party.entity_id() == comparison.text;
}

bool CompareParties(const Comparison& comparison, const Header& header) {
  const auto holds = [&](const Party& party) { return CompareParty(comparison, party); };
  const Side side = comparison.field->side;
  return (side != Side::kRecipients && std::any_of(header.actors().begin(), header.actors().end(), holds)) ||
         (side != Side::kActors && std::any_of(header.recipients().begin(), header.recipients().end(), holds));
}

}  // namespace

bool Comparison::Holds(const Header& header) const {
  if (field->side != Side::kNone) return CompareParties(*this, header);
  if (field->text != nullptr) return CompareText(*this, field->text(header));
  if (field->texts != nullptr) {
    const auto& texts = field->texts(header);
    return std::any_of(texts.begin(), texts.end(), [this](const std::string& value) { return CompareText(*this, value); });
  }
  const double value = field->number(header);
  if (is_presence) return value != 0;
  if (field->type == FieldType::kDate) return CompareDate(*this, static_cast<int32_t>(value));
  return Compare(op, value, number);
}

}  // namespace demarche::query
