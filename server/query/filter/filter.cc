#include "server/query/filter/filter.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/query/filter/anchor.h"
#include "server/query/filter/parser.h"

namespace demarche::query {

// Turns a tree into steps, last comparison first, so that the target of every jump is known when a step is made.
class Compiler {
 public:
  static Filter Compile(std::string_view text, Expression expression) {
    Filter filter;
    filter.text_ = std::string(text);
    filter.anchors_ = AnchorsOf(expression);
    filter.start_ = Emit(std::move(expression), Filter::kAccept, Filter::kReject, filter.steps_);
    return filter;
  }

 private:
  // Returns where to begin in order to decide `expression`. Recursion is bounded by limits::kMaxFilterDepth.
  static size_t Emit(Expression expression, size_t on_true, size_t on_false, std::vector<Filter::Step>& steps) {
    std::vector<Expression>& children = expression.children;
    switch (expression.kind) {
      case Expression::Kind::kComparison:
        steps.push_back({std::move(expression.comparison), on_true, on_false});
        return steps.size() - 1;
      case Expression::Kind::kNot:
        return Emit(std::move(children.front()), on_false, on_true, steps);
      case Expression::Kind::kAll:
        for (auto child = children.rbegin(); child != children.rend(); ++child) {
          on_true = Emit(std::move(*child), on_true, on_false, steps);
        }
        return on_true;
      case Expression::Kind::kAny:
        for (auto child = children.rbegin(); child != children.rend(); ++child) {
          on_false = Emit(std::move(*child), on_true, on_false, steps);
        }
        return on_false;
    }
    return on_false;
  }
};

absl::StatusOr<Filter> Filter::Compile(std::string_view text, FilterError* error) {
  FilterError problem;
  std::optional<Expression> expression = Parse(text, problem);
  if (expression.has_value()) return Compiler::Compile(text, *std::move(expression));
  if (error != nullptr) *error = problem;
  return absl::InvalidArgumentError(absl::StrCat("filter, column ", problem.column, ": ", problem.message));
}

}  // namespace demarche::query
