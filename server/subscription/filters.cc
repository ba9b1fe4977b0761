#include "server/subscription/filters.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "server/error/error.h"
#include "server/limits/limits.h"

namespace demarche::subscription {
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

absl::StatusOr<Filters> CompileFilters(const NamedFilters& filters, const NamedFilters& former) {
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
  std::vector<FormerFilter> former_programs;
  for (const v1::NamedFilter& named : former) {
    auto program = CompileFilter("former_filters", named.filter());
    if (!program.ok()) return program.status();
    const auto bit = std::find(names.begin(), names.end(), named.name()) - names.begin();
    former_programs.push_back({*std::move(program), static_cast<int>(bit)});
  }
  return Filters{std::move(names), FilterSet(std::move(programs), std::move(former_programs))};
}

absl::StatusOr<NamedFilters> FormerFilters(const NamedFilters& filters, const NamedFilters& former, const NamedFilters& wanted) {
  NamedFilters before = former;
  before.MergeFrom(filters);
  if (filters.empty()) before.Add();
  std::map<std::string, std::string> now;
  for (const v1::NamedFilter& named : wanted) now[named.name()] = named.filter();
  if (wanted.empty()) now[""] = "";
  NamedFilters kept;
  std::set<std::pair<std::string, std::string>> seen;
  for (const v1::NamedFilter& named : before) {
    const auto found = now.find(named.name());
    if (found == now.end() || found->second == named.filter()) continue;
    if (seen.emplace(named.name(), named.filter()).second) *kept.Add() = named;
  }
  if (static_cast<size_t>(kept.size()) <= limits::kMaxFilters) return kept;
  return BadRequest("filters", std::to_string(kept.size()) + " filters that these names had before still count, at most " +
                                   std::to_string(limits::kMaxFilters) + ": use new names");
}

}  // namespace demarche::subscription
