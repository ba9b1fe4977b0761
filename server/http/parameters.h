#ifndef DEMARCHE_SERVER_HTTP_PARAMETERS_H_
#define DEMARCHE_SERVER_HTTP_PARAMETERS_H_

#include "absl/status/statusor.h"
#include "demarche/v1/event_service.pb.h"
#include "httplib.h"

// Query parameters as requests. Errors: REQUEST_INVALID names the parameter; unknown ones and those given twice are errors.
namespace demarche::http {

// filter, pageSize, pageToken.
absl::StatusOr<v1::ListEventsRequest> ListRequestOf(const httplib::Request& request);

// filter; one of after (a position), since (RFC 3339), earliest=true, latest=true; onExpired (fail, earliest, latest). The header
// Last-Event-ID, which browsers send when they reconnect, is stronger than all of these.
absl::StatusOr<v1::WatchEventsRequest> WatchRequestOf(const httplib::Request& request);

}  // namespace demarche::http

#endif  // DEMARCHE_SERVER_HTTP_PARAMETERS_H_
