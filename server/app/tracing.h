#ifndef DEMARCHE_SERVER_APP_TRACING_H_
#define DEMARCHE_SERVER_APP_TRACING_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "server/config/config.h"
#include "server/metrics/metrics.h"
#include "server/tracing/exporter.h"
#include "server/tracing/tracer.h"

namespace demarche::app {

// The tracer of the server, with the exporter to the collector of the configuration when there is one. Outlives the last use of the
// metrics.
class Tracing {
 public:
  // Adds what is counted to the metrics. INVALID_ARGUMENT when the address of the collector is none.
  static absl::StatusOr<std::unique_ptr<Tracing>> Make(const config::Config& config, metrics::Metrics& metrics);

  tracing::Tracer& tracer() { return tracer_; }

 private:
  explicit Tracing(std::unique_ptr<tracing::Exporter> exporter);
  void Observe(metrics::Metrics& metrics) const;

  const std::unique_ptr<tracing::Exporter> exporter_;  // null without a collector
  tracing::Tracer tracer_;
};

}  // namespace demarche::app

#endif  // DEMARCHE_SERVER_APP_TRACING_H_
