#include "server/metrics/sources.h"

#include <utility>

namespace demarche::metrics {
namespace {

Sources::Reader WithoutLabels(std::function<double()> read) {
  return [read = std::move(read)] { return std::vector<Sources::Value>{{{}, read()}}; };
}

prometheus::ClientMetric ToMetric(const Sources::Value& value, prometheus::MetricType type) {
  prometheus::ClientMetric metric;
  for (const auto& [name, text] : value.labels) metric.label.push_back({name, text});
  if (type == prometheus::MetricType::Counter) {
    metric.counter.value = value.value;
  } else {
    metric.gauge.value = value.value;
  }
  return metric;
}

}  // namespace

void Sources::AddGauge(std::string name, std::string help, Reader read) {
  absl::MutexLock lock(&mutex_);
  sources_.push_back({std::move(name), std::move(help), prometheus::MetricType::Gauge, std::move(read)});
}

void Sources::AddGauge(std::string name, std::string help, std::function<double()> read) {
  AddGauge(std::move(name), std::move(help), WithoutLabels(std::move(read)));
}

void Sources::AddCounter(std::string name, std::string help, Reader read) {
  absl::MutexLock lock(&mutex_);
  sources_.push_back({std::move(name), std::move(help), prometheus::MetricType::Counter, std::move(read)});
}

void Sources::AddCounter(std::string name, std::string help, std::function<double()> read) {
  AddCounter(std::move(name), std::move(help), WithoutLabels(std::move(read)));
}

std::vector<prometheus::MetricFamily> Sources::Collect() const {
  std::vector<Source> sources;
  {
    absl::MutexLock lock(&mutex_);
    sources = sources_;
  }
  std::vector<prometheus::MetricFamily> families;
  for (const Source& source : sources) {
    prometheus::MetricFamily family;
    family.name = source.name;
    family.help = source.help;
    family.type = source.type;
    for (const Value& value : source.read()) family.metric.push_back(ToMetric(value, source.type));
    families.push_back(std::move(family));
  }
  return families;
}

}  // namespace demarche::metrics
