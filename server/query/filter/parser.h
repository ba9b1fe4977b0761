#ifndef DEMARCHE_SERVER_QUERY_FILTER_PARSER_H_
#define DEMARCHE_SERVER_QUERY_FILTER_PARSER_H_

#include <optional>
#include <string_view>
#include <vector>

#include "server/query/filter/comparison.h"
#include "server/query/filter/scanner.h"

namespace demarche::query {

// A filter as a tree, between parsing and compiling.
struct Expression {
  enum class Kind { kComparison, kAll, kAny, kNot };

  Kind kind = Kind::kAll;
  Comparison comparison;             // kComparison
  std::vector<Expression> children;  // kAll and kAny: two or more, except that an empty filter is a kAll of none; kNot: one
};

// Reads a filter and checks its types. Sets `error` and returns nothing when it is wrong.
std::optional<Expression> Parse(std::string_view text, FilterError& error);

}  // namespace demarche::query

#endif  // DEMARCHE_SERVER_QUERY_FILTER_PARSER_H_
