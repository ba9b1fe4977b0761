#ifndef DEMARCHE_SERVER_QUERY_FILTER_FIELD_H_
#define DEMARCHE_SERVER_QUERY_FILTER_FIELD_H_

#include <string>
#include <string_view>
#include <vector>

#include "demarche/stored/v1/record.pb.h"
#include "google/protobuf/descriptor.h"

namespace demarche::query {

// What a field holds, which decides its operators and how its values are written.
enum class FieldType {
  kEnum,    // a value of `values`
  kNumber,  // a number from `lowest` to `highest`
  kCount,   // a whole number, not negative
  kBool,    // true or false
  kText,    // compared byte by byte
  kKind,    // a kind of the ontology; compared as a code
  kCode,    // compared without regard to the case of ASCII letters
  kDate,    // a day, month or year
  kParty,   // a party as a whole: has its country, organisation or entity
};

// What a code looks like.
enum class CodeShape { kCountry, kOrganization, kContext };

// Which lists of parties a field looks at.
enum class Side { kNone, kActors, kRecipients, kEither };

// One field of the filter language: its name, its type, and where it stands in the header. A row of a constant table;
// exactly the getter that fits `type` and `side` is set.
struct Field {
  std::string name;
  FieldType type = FieldType::kText;
  Side side = Side::kNone;
  CodeShape shape = CodeShape::kContext;
  bool is_party_name = false;  // one of the three that kParty looks at
  double lowest = 0;
  double highest = 0;
  const google::protobuf::EnumDescriptor* (*values)() = nullptr;
  std::string value_prefix = {};  // of the enum's names, left out by most users
  double (*number)(const stored::v1::FilterHeader&) = nullptr;
  const std::string& (*text)(const stored::v1::FilterHeader&) = nullptr;
  const std::string& (*part)(const stored::v1::Party&) = nullptr;
  const google::protobuf::RepeatedPtrField<std::string>& (*texts)(const stored::v1::FilterHeader&) = nullptr;
};

// All fields, in the order of the documentation.
const std::vector<Field>& Fields();

// Null when there is no such field.
const Field* FindField(std::string_view name);

// In words, why there is no such field and which may be meant.
std::string DescribeUnknownField(std::string_view name);

// The candidate nearest to `word` in spelling, without regard to case; empty when none is near.
std::string Closest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace demarche::query

#endif  // DEMARCHE_SERVER_QUERY_FILTER_FIELD_H_
