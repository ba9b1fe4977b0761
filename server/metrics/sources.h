#ifndef DEMARCHE_SERVER_METRICS_SOURCES_H_
#define DEMARCHE_SERVER_METRICS_SOURCES_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace demarche::metrics {

// Metrics whose values live elsewhere and are read when they are asked for. Any thread.
class Sources : public prometheus::Collectable {
 public:
  using Labels = std::map<std::string, std::string>;

  struct Value {
    Labels labels;
    double value;
  };
  using Reader = std::function<std::vector<Value>()>;

  // What may go up and down.
  void AddGauge(std::string name, std::string help, Reader read) ABSL_LOCKS_EXCLUDED(mutex_);
  void AddGauge(std::string name, std::string help, std::function<double()> read) ABSL_LOCKS_EXCLUDED(mutex_);
  // What only grows; the name ends in `_total`.
  void AddCounter(std::string name, std::string help, Reader read) ABSL_LOCKS_EXCLUDED(mutex_);
  void AddCounter(std::string name, std::string help, std::function<double()> read) ABSL_LOCKS_EXCLUDED(mutex_);

  std::vector<prometheus::MetricFamily> Collect() const override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Source {
    std::string name;
    std::string help;
    prometheus::MetricType type;
    Reader read;
  };

  mutable absl::Mutex mutex_;
  std::vector<Source> sources_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace demarche::metrics

#endif  // DEMARCHE_SERVER_METRICS_SOURCES_H_
