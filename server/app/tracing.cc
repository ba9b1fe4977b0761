#include "server/app/tracing.h"

#include <utility>
#include <vector>

#include "server/app/version.h"
#include "server/tracing/http_sender.h"

namespace demarche::app {

absl::StatusOr<std::unique_ptr<tracing::Exporter>> MakeExporter(const config::Config& config) {
  if (config.otlp_endpoint == config::kNone) return nullptr;
  const auto endpoint = tracing::ParseEndpoint(config.otlp_endpoint);
  if (!endpoint.ok()) return endpoint.status();
  tracing::ExporterOptions options;
  options.service_version = kVersion;
  return std::make_unique<tracing::Exporter>(tracing::NewHttpSender(*endpoint), std::move(options));
}

tracing::Sink SinkOf(tracing::Exporter* exporter) {
  if (exporter == nullptr) return nullptr;
  return [exporter](std::vector<tracing::Span> spans) { exporter->Add(std::move(spans)); };
}

void ObserveTracing(const tracing::Tracer& tracer, const tracing::Exporter* exporter, metrics::Metrics& metrics) {
  metrics.sources().AddCounter("demarche_invalid_traceparents_total", "Values of traceparent that were ignored: not valid.",
                               [&tracer] { return static_cast<double>(tracer.invalid_count()); });
  if (exporter == nullptr) return;
  metrics.sources().AddCounter(
      "demarche_trace_spans_total",
      "Spans by what became of them: exported; overflowed, for the queue was full; failed, for the collector did not take them.",
      [exporter] {
        const auto value = [](const char* result, uint64_t count) {
          return metrics::Sources::Value{{{"result", result}}, static_cast<double>(count)};
        };
        return std::vector<metrics::Sources::Value>{value("exported", exporter->exported_count()),
                                                    value("overflowed", exporter->overflowed_count()),
                                                    value("failed", exporter->failed_count())};
      });
}

}  // namespace demarche::app
