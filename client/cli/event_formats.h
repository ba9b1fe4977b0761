#ifndef DEMARCHE_CLIENT_CLI_EVENT_FORMATS_H_
#define DEMARCHE_CLIENT_CLI_EVENT_FORMATS_H_

#include <string>

#include "demarche/v1/event_service.pb.h"

namespace demarche::cli {

// The names of CsvLine's columns.
extern const char kCsvHeader[];

// Event `index` of a batch as a line of CSV (RFC 4180): several parties are joined by '; '.
std::string CsvLine(const v1::EventBatch& batch, int index);

// As a CloudEvent 1.0 in JSON: id is event and revision, source the server, type demarche.v1.DiplomaticEvent.
std::string CloudEventLine(const v1::EventBatch& batch, int index, const std::string& server);

}  // namespace demarche::cli

#endif  // DEMARCHE_CLIENT_CLI_EVENT_FORMATS_H_
