#ifndef DEMARCHE_SERVER_RPC_EVENT_PAGES_H_
#define DEMARCHE_SERVER_RPC_EVENT_PAGES_H_

#include "absl/status/status.h"
#include "demarche/stored/v1/record.pb.h"
#include "demarche/v1/event_service.pb.h"
#include "server/log/event_log.h"

namespace demarche::rpc {

// One page of ListEvents: reads on from where the token says until the page is full, or enough was read. The token is bound to the
// filter. Errors: REQUEST_INVALID, FILTER_INVALID, and those of a position.
absl::Status FillPage(const log::EventLog& log, const v1::ListEventsRequest& request, v1::ListEventsResponse& response);

// One page of ListEvidence. Errors: RESOURCE_NOT_FOUND, REQUEST_INVALID.
absl::Status FillEvidencePage(const log::EventLog& log, const v1::ListEvidenceRequest& request, v1::ListEvidenceResponse& response);

// The event in a stored revision. DATA_LOSS when it does not parse.
absl::Status ParseEvent(const stored::v1::StoredEvent& stored, v1::DiplomaticEvent& event);

}  // namespace demarche::rpc

#endif  // DEMARCHE_SERVER_RPC_EVENT_PAGES_H_
