#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "pipeline/resources/ontology/ontology.h"
#include "server/query/filter/comparison.h"

namespace demarche::query {
namespace {

bool Fail(const Token& at, std::string message, FilterError& error) {
  error = {std::move(message), at.column};
  return false;
}

bool IsOrdered(FieldType type) { return type == FieldType::kNumber || type == FieldType::kCount || type == FieldType::kDate; }

// The number of the enum's value of this name, with or without its prefix, in any case, '-' as '_'; -1 when there is none.
int FindEnumValue(const Field& field, const std::string& text) {
  const auto* values = field.values();
  std::string name = absl::AsciiStrToUpper(text);
  std::replace(name.begin(), name.end(), '-', '_');
  const auto* value = values->FindValueByName(name);
  if (value == nullptr) value = values->FindValueByName(field.value_prefix + name);
  return value == nullptr ? -1 : value->number();
}

bool SetEnum(const Token& value, Comparison& comparison, FilterError& error) {
  const Field& field = *comparison.field;
  if (const int number = FindEnumValue(field, value.text); number >= 0) {
    comparison.number = number;
    return true;
  }
  const std::string problem = absl::StrCat(Quoted(value.text), " is no value of ", field.name);
  std::vector<std::string> names;
  for (int i = 0; i < field.values()->value_count(); ++i) {
    names.push_back(field.values()->value(i)->name().substr(field.value_prefix.size()));
  }
  std::string_view word = value.text;
  if (absl::StartsWithIgnoreCase(value.text, field.value_prefix)) word.remove_prefix(field.value_prefix.size());
  if (const std::string closest = Closest(word, names); !closest.empty()) {
    return Fail(value, absl::StrCat(problem, "; did you mean ", closest, "?"), error);
  }
  for (const Field& other : Fields()) {
    if (other.values != nullptr && FindEnumValue(other, value.text) >= 0) {
      return Fail(value, absl::StrCat(problem, "; write ", other.name, " = ", value.text), error);
    }
  }
  constexpr size_t kMaxListedNames = 20;
  if (names.size() > kMaxListedNames) return Fail(value, problem, error);
  std::string list;
  for (size_t i = 1; i < names.size(); ++i) absl::StrAppend(&list, i == 1 ? "" : ", ", names[i]);
  return Fail(value, absl::StrCat(problem, "; there are ", list), error);
}

bool SetNumber(const Token& value, Comparison& comparison, FilterError& error) {
  const Field& field = *comparison.field;
  if (!absl::SimpleAtod(value.text, &comparison.number) || !(comparison.number - comparison.number == 0)) {
    return Fail(value, absl::StrCat(field.name, " is a number, and ", Quoted(value.text), " is none"), error);
  }
  if (comparison.number >= field.lowest && comparison.number <= field.highest) return true;
  return Fail(value,
              absl::StrCat(field.name, " is a number from ", field.lowest, " to ", field.highest, ", and ", Quoted(value.text),
                           " is outside"),
              error);
}

bool SetCount(const Token& value, Comparison& comparison, FilterError& error) {
  uint32_t count = 0;
  if (!absl::SimpleAtoi(value.text, &count)) {
    return Fail(value, absl::StrCat(comparison.field->name, " is a whole number from 0 on, and ", Quoted(value.text), " is none"),
                error);
  }
  comparison.number = count;
  return true;
}

bool SetBool(const Token& value, Comparison& comparison, FilterError& error) {
  const std::string text = absl::AsciiStrToLower(value.text);
  if (text != "true" && text != "false") {
    return Fail(value, absl::StrCat(comparison.field->name, " is true or false, not ", Quoted(value.text)), error);
  }
  comparison.number = text == "true" ? 1 : 0;
  return true;
}

// "2025", "2025-02" or "2025-02-01" as numbers; parts that are not there are 0.
bool ReadDate(const std::string& text, int32_t& year, int32_t& month, int32_t& day) {
  const std::vector<std::string> parts = absl::StrSplit(text, '-');
  if (parts.size() > 3) return false;
  int32_t numbers[3] = {0, 0, 0};
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool has_digits =
        parts[i].size() == (i == 0 ? 4u : 2u) && std::all_of(parts[i].begin(), parts[i].end(), absl::ascii_isdigit);
    if (!has_digits || !absl::SimpleAtoi(parts[i], &numbers[i]) || numbers[i] == 0) return false;
  }
  year = numbers[0];
  month = numbers[1];
  day = numbers[2];
  return true;
}

bool IsInCalendar(int32_t year, int32_t month, int32_t day) {
  constexpr int32_t kDaysOfMonths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month > 12) return false;
  if (month == 0) return true;
  const bool is_leap_year = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDaysOfMonths[month - 1] + (month == 2 && is_leap_year ? 1 : 0);
}

bool SetDate(const Token& value, Comparison& comparison, FilterError& error) {
  int32_t year = 0, month = 0, day = 0;
  if (!ReadDate(value.text, year, month, day)) {
    return Fail(value,
                absl::StrCat(comparison.field->name, " is a date such as 2025, 2025-02 or 2025-02-01, and ", Quoted(value.text),
                             " is none"),
                error);
  }
  if (!IsInCalendar(year, month, day)) return Fail(value, absl::StrCat(Quoted(value.text), " is not in the calendar"), error);
  const auto number = [](int32_t y, int32_t m, int32_t d) { return y * 10000 + m * 100 + d; };
  comparison.first_day = number(year, month == 0 ? 1 : month, day == 0 ? 1 : day);
  comparison.last_day = number(year, month == 0 ? 12 : month, day == 0 ? 31 : day);
  return true;
}

// Every kind of the ontology that is built in.
const std::vector<std::string>& Kinds() {
  static const auto* const kinds = [] {
    auto* names = new std::vector<std::string>;
    if (const auto ontology = ontology::Ontology::Load(); ontology.ok()) {
      for (const ontology::KindInfo& info : (*ontology)->kinds()) names->push_back(info.kind);
    }
    return names;
  }();
  return *kinds;
}

bool SetKind(const Token& value, Comparison& comparison, FilterError& error) {
  comparison.text = absl::AsciiStrToLower(value.text);
  if (std::find(Kinds().begin(), Kinds().end(), comparison.text) != Kinds().end()) return true;
  const std::string closest = Closest(comparison.text, Kinds());
  const std::string hint = closest.empty() ? "; OntologyService lists them" : absl::StrCat("; did you mean ", closest, "?");
  return Fail(value, absl::StrCat(Quoted(value.text), " is no kind of the ontology", hint), error);
}

bool IsSnakeCaseByte(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }

bool SetCode(const Token& value, Comparison& comparison, FilterError& error) {
  const std::string& text = value.text;
  const std::string& name = comparison.field->name;
  comparison.text = text;
  switch (comparison.field->shape) {
    case CodeShape::kCountry:
      if (text.size() == 3 && std::all_of(text.begin(), text.end(), absl::ascii_isalpha)) return true;
      return Fail(value, absl::StrCat(name, " is a code of three letters such as USA, and ", Quoted(text), " is none"), error);
    case CodeShape::kOrganization:
      if (std::none_of(text.begin(), text.end(), absl::ascii_isspace)) return true;
      return Fail(value, absl::StrCat(name, " is a code without spaces such as NATO or GOV, and ", Quoted(text), " is none"),
                  error);
    case CodeShape::kContext:
      if (std::all_of(text.begin(), text.end(), IsSnakeCaseByte)) return true;
      return Fail(value, absl::StrCat(name, " is written with letters, digits and '_', and ", Quoted(text), " is not"), error);
  }
  return true;
}

bool SetOperator(const Token& op, Comparison& comparison, FilterError& error) {
  const Field& field = *comparison.field;
  const std::string& name = field.name;
  if (field.type == FieldType::kParty && op.text != ":") {
    return Fail(op,
                absl::StrCat(name, " is a party: write ", name, " : CODE, or compare ", name, ".country, ", name, ".organization, ",
                             name, ".entity_id or ", name, ".sector"),
                error);
  }
  static const std::vector<std::pair<std::string, Operator>>* const operators = new std::vector<std::pair<std::string, Operator>>{
      {"=", Operator::kEqual},        {":", Operator::kEqual},   {"!=", Operator::kNotEqual},      {"<", Operator::kLess},
      {"<=", Operator::kLessOrEqual}, {">", Operator::kGreater}, {">=", Operator::kGreaterOrEqual}};
  comparison.op = std::find_if(operators->begin(), operators->end(), [&](const auto& row) { return row.first == op.text; })->second;
  const bool is_equality = comparison.op == Operator::kEqual || comparison.op == Operator::kNotEqual;
  if (is_equality || IsOrdered(field.type)) return true;
  return Fail(op, absl::StrCat(name, " has no order: it takes =, != and :, not ", op.text), error);
}

bool SetValue(const Token& value, Comparison& comparison, FilterError& error) {
  const std::string& name = comparison.field->name;
  if (value.text.empty())
    return Fail(value, absl::StrCat("the value is empty; for events without one write NOT ", name, " : *"), error);
  switch (comparison.field->type) {
    case FieldType::kEnum:
      return SetEnum(value, comparison, error);
    case FieldType::kNumber:
      return SetNumber(value, comparison, error);
    case FieldType::kCount:
      return SetCount(value, comparison, error);
    case FieldType::kBool:
      return SetBool(value, comparison, error);
    case FieldType::kDate:
      return SetDate(value, comparison, error);
    case FieldType::kKind:
      return SetKind(value, comparison, error);
    case FieldType::kCode:
      return SetCode(value, comparison, error);
    case FieldType::kText:
    case FieldType::kParty:
      comparison.text = value.text;
      return true;
  }
  return true;
}

bool SetPresence(const Token& op, const Token& value, Comparison& comparison, FilterError& error) {
  const FieldType type = comparison.field->type;
  if (op.text != ":") return Fail(op, "* stands only after ':', for any value", error);
  if (type == FieldType::kNumber || type == FieldType::kCount || type == FieldType::kBool) {
    return Fail(value, absl::StrCat(comparison.field->name, " always has a value"), error);
  }
  comparison.is_presence = true;
  return true;
}

}  // namespace

std::optional<Comparison> MakeComparison(const Token& name, const Token& op, const Token& value, FilterError& error) {
  Comparison comparison;
  comparison.field = FindField(name.text);
  if (comparison.field == nullptr) {
    error = {absl::StrCat("unknown field ", Quoted(name.text), ": ", DescribeUnknownField(name.text)), name.column};
    return std::nullopt;
  }
  if (!SetOperator(op, comparison, error)) return std::nullopt;
  const bool is_word = value.kind == TokenKind::kWord;
  if (is_word && value.text == "*") {
    if (!SetPresence(op, value, comparison, error)) return std::nullopt;
    return comparison;
  }
  if (is_word && absl::StrContains(value.text, '*')) {
    Fail(value, "* stands only alone; there are no patterns in this language", error);
    return std::nullopt;
  }
  if (!SetValue(value, comparison, error)) return std::nullopt;
  return comparison;
}

}  // namespace demarche::query
