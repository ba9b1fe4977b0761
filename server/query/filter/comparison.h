#ifndef DEMARCHE_SERVER_QUERY_FILTER_COMPARISON_H_
#define DEMARCHE_SERVER_QUERY_FILTER_COMPARISON_H_

#include <cstdint>
#include <optional>
#include <string>

#include "demarche/stored/v1/record.pb.h"
#include "server/query/filter/field.h"
#include "server/query/filter/scanner.h"

namespace demarche::query {

enum class Operator { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

// One comparison of a filter, checked and ready: field, operator, value. `:` is kEqual here. Immutable after MakeComparison,
// so any thread may ask it; `field` points into the constant table.
struct Comparison {
  // Whether it holds for an event. On a repeated field: for any of its elements.
  bool Holds(const stored::v1::FilterHeader& header) const;

  const Field* field = nullptr;
  Operator op = Operator::kEqual;
  bool is_presence = false;  // `: *`: has any value
  double number = 0;         // kEnum, kNumber, kCount, kBool
  int32_t first_day = 0;     // kDate: the days that the value spans, as in FilterHeader.event_date
  int32_t last_day = 0;
  std::string text;  // kText, kKind, kCode, kParty
};

// Checks the three tokens of a comparison against the field's type. Sets `error` and returns nothing when they do not fit.
std::optional<Comparison> MakeComparison(const Token& name, const Token& op, const Token& value, FilterError& error);

}  // namespace demarche::query

#endif  // DEMARCHE_SERVER_QUERY_FILTER_COMPARISON_H_
