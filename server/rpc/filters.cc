#include "server/rpc/filters.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "server/error/error.h"
#include "server/limits/limits.h"

namespace demarche::rpc {
namespace {

absl::Status BadRequest(std::string field, std::string description) {
  return error::BadField(v1::ERROR_REASON_REQUEST_INVALID, std::move(field), std::move(description));
}

absl::Status CheckNames(const google::protobuf::RepeatedPtrField<v1::NamedFilter>& filters) {
  const auto count = static_cast<size_t>(filters.size());
  if (count > limits::kMaxFilters) {
    return BadRequest("filters", std::to_string(count) + " filters, at most " + std::to_string(limits::kMaxFilters));
  }
  std::set<std::string> seen;
  for (int i = 0; i < filters.size(); ++i) {
    const std::string& name = filters[i].name();
    const std::string field = "filters[" + std::to_string(i) + "].name";
    if (name.size() > limits::kMaxFilterNameBytes) {
      return BadRequest(field, std::to_string(name.size()) + " bytes, at most " + std::to_string(limits::kMaxFilterNameBytes));
    }
    if (name.empty() && count > 1) return BadRequest(field, "empty, but there are " + std::to_string(count) + " filters");
    if (!seen.insert(name).second) return BadRequest(field, "'" + name + "' twice, names must be unique");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<query::Filter> CompileFilter(const std::string& field, const std::string& text) {
  query::FilterError bad;
  auto filter = query::Filter::Compile(text, &bad);
  if (filter.ok()) return filter;
  const std::string column = std::to_string(bad.column);
  return error::Make(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_FILTER_INVALID,
                     field + ", column " + column + ": " + bad.message,
                     {.metadata = {{"column", column}}, .violations = {{field, bad.message}}});
}

absl::StatusOr<Filters> CompileFilters(const google::protobuf::RepeatedPtrField<v1::NamedFilter>& filters) {
  if (absl::Status status = CheckNames(filters); !status.ok()) return status;
  std::vector<std::string> names;
  std::vector<query::Filter> programs;
  for (int i = 0; i < std::max(filters.size(), 1); ++i) {
    static const v1::NamedFilter kAll;
    const v1::NamedFilter& named = filters.empty() ? kAll : filters[i];
    auto program = CompileFilter("filters[" + std::to_string(i) + "].filter", named.filter());
    if (!program.ok()) return program.status();
    names.push_back(named.name());
    programs.push_back(*std::move(program));
  }
  return Filters{std::move(names), subscription::FilterSet(std::move(programs))};
}

}  // namespace demarche::rpc
