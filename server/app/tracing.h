#ifndef DEMARCHE_SERVER_APP_TRACING_H_
#define DEMARCHE_SERVER_APP_TRACING_H_

#include <memory>

#include "absl/status/statusor.h"
#include "server/config/config.h"
#include "server/metrics/metrics.h"
#include "server/tracing/exporter.h"
#include "server/tracing/tracer.h"

namespace demarche::app {

// Sends spans to the collector of the configuration; null when there is none. INVALID_ARGUMENT when its address is none.
absl::StatusOr<std::unique_ptr<tracing::Exporter>> MakeExporter(const config::Config& config);

// Records into the exporter, which may be null and outlives it.
tracing::Sink SinkOf(tracing::Exporter* exporter);

// Adds what both count. Both outlive the metrics' last use; the exporter may be null.
void ObserveTracing(const tracing::Tracer& tracer, const tracing::Exporter* exporter, metrics::Metrics& metrics);

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_TRACING_H_
