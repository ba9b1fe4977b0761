#ifndef DEMARCHE_SERVER_RPC_FILTERS_H_
#define DEMARCHE_SERVER_RPC_FILTERS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "demarche/v1/event_service.pb.h"
#include "server/query/filter/filter.h"
#include "server/subscription/filter_set.h"

namespace demarche::rpc {

// The filters of a request, ready to be used.
struct Filters {
  std::vector<std::string> names;  // in the order of the bits of Match::filters
  subscription::FilterSet set;
};

// No filters are one without a name that matches all. Errors: REQUEST_INVALID for names and number, FILTER_INVALID.
absl::StatusOr<Filters> CompileFilters(const google::protobuf::RepeatedPtrField<v1::NamedFilter>& filters);

// FILTER_INVALID names the field of the request and the column.
absl::StatusOr<query::Filter> CompileFilter(const std::string& field, const std::string& text);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_FILTERS_H_
