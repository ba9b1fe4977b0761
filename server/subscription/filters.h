#ifndef DEMARCHE_SERVER_SUBSCRIPTION_FILTERS_H_
#define DEMARCHE_SERVER_SUBSCRIPTION_FILTERS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "demarche/v1/event_service.pb.h"
#include "server/query/filter/filter.h"
#include "server/subscription/filter_set.h"

namespace demarche::subscription {

// The filters of a request, ready to be used.
struct Filters {
  std::vector<std::string> names;  // in the order of the bits of Match::filters
  FilterSet set;
};

using NamedFilters = google::protobuf::RepeatedPtrField<v1::NamedFilter>;

// No filters are one without a name that matches all. `former`: those that a name of `filters` had before; exits follow them too.
// Errors: REQUEST_INVALID for names and number, FILTER_INVALID.
absl::StatusOr<Filters> CompileFilters(const NamedFilters& filters, const NamedFilters& former = {});

// The former filters once `filters` and `former` give way to `wanted`: those of a name stay until the name goes, or is given back
// the filter that it had. REQUEST_INVALID when they become too many.
absl::StatusOr<NamedFilters> FormerFilters(const NamedFilters& filters, const NamedFilters& former, const NamedFilters& wanted);

// FILTER_INVALID names the field of the request and the column.
absl::StatusOr<query::Filter> CompileFilter(const std::string& field, const std::string& text);

}  // namespace demarche::subscription

#endif  // DEMARCHE_SERVER_SUBSCRIPTION_FILTERS_H_
