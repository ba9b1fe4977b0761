#include "server/app/tracing.h"

#include <utility>
#include <vector>

#include "server/app/version.h"
#include "server/tracing/http_sender.h"

namespace demarche::app {
namespace {

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

}  // namespace

absl::StatusOr<std::unique_ptr<Tracing>> Tracing::Make(const config::Config& config, metrics::Metrics& metrics) {
  auto exporter = MakeExporter(config);
  if (!exporter.ok()) return exporter.status();
  auto tracing = std::unique_ptr<Tracing>(new Tracing(*std::move(exporter)));
  tracing->Observe(metrics);
  return tracing;
}

Tracing::Tracing(std::unique_ptr<tracing::Exporter> exporter) : exporter_(std::move(exporter)), tracer_(SinkOf(exporter_.get())) {}

void Tracing::Observe(metrics::Metrics& metrics) const {
  metrics.sources().AddCounter("demarche_invalid_traceparents_total", "Values of traceparent that were ignored: not valid.",
                               [this] { return static_cast<double>(tracer_.invalid_count()); });
  if (exporter_ == nullptr) return;
  metrics.sources().AddCounter(
      "demarche_trace_spans_total",
      "Spans by what became of them: exported; overflowed, for the queue was full; failed, for the collector did not take them.",
      [this] {
        const auto value = [](const char* result, uint64_t count) {
          return metrics::Sources::Value{{{"result", result}}, static_cast<double>(count)};
        };
        return std::vector<metrics::Sources::Value>{value("exported", exporter_->exported_count()),
                                                    value("overflowed", exporter_->overflowed_count()),
                                                    value("failed", exporter_->failed_count())};
      });
}

}  // namespace demarche::app
