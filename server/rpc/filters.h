#ifndef DEMARCHE_SERVER_RPC_FILTERS_H_
#define DEMARCHE_SERVER_RPC_FILTERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "demarche/v1/event_service.pb.h"
#include "server/subscription/cursor.h"

namespace demarche::rpc {

// The filters of a request, ready to be used.
struct Filters {
  std::vector<std::string> names;  // in the order of the bits of Match::filters
  subscription::Matcher matcher;
};

// No filters are one without a name that matches all. Errors: REQUEST_INVALID for names and number, FILTER_INVALID.
absl::StatusOr<Filters> CompileFilters(const google::protobuf::RepeatedPtrField<v1::NamedFilter>& filters);

// Where a FILTER_INVALID points: a column from 1, 0 when it names none.
uint32_t ColumnOf(const absl::Status& status);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_FILTERS_H_
