#include "server/rpc/filters.h"

#include <charconv>
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

absl::StatusOr<Filters> CompileFilters(const google::protobuf::RepeatedPtrField<v1::NamedFilter>& filters) {
  if (absl::Status status = CheckNames(filters); !status.ok()) return status;
  Filters compiled;
  for (int i = 0; i < filters.size(); ++i) {
    if (!filters[i].filter().empty()) {
      return error::BadField(v1::ERROR_REASON_FILTER_INVALID, "filters[" + std::to_string(i) + "].filter",
                             "filters are not served yet");
    }
    compiled.names.push_back(filters[i].name());
  }
  if (compiled.names.empty()) compiled.names.emplace_back();
  const uint32_t all = (uint32_t{1} << compiled.names.size()) - 1;
  compiled.matcher = [all](const stored::v1::StoredEvent&) { return subscription::Match{all, false}; };
  return compiled;
}

uint32_t ColumnOf(const absl::Status& status) {
  const std::string text = error::MetadataOf(status, "column");
  uint32_t column = 0;
  std::from_chars(text.data(), text.data() + text.size(), column);
  return column;
}

}  // namespace demarche::rpc
