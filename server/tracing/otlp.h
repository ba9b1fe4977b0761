#ifndef DEMARCHE_SERVER_TRACING_OTLP_H_
#define DEMARCHE_SERVER_TRACING_OTLP_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/tracing/span.h"

namespace demarche::tracing {

// The body of a request to /v1/traces of a collector, as OTLP/JSON (https://opentelemetry.io/docs/specs/otlp): spans of the service
// `demarched` in this version. Bytes that are not UTF-8 are replaced.
absl::StatusOr<std::string> ToOtlpJson(const std::vector<Span>& spans, const std::string& service_version);

}  // namespace demarche::tracing

#endif  // DEMARCHE_SERVER_TRACING_OTLP_H_
