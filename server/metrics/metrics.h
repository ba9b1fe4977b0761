#ifndef DEMARCHE_SERVER_METRICS_METRICS_H_
#define DEMARCHE_SERVER_METRICS_METRICS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "demarche/stored/v1/record.pb.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "server/metrics/delivery_clock.h"
#include "server/metrics/sources.h"

namespace demarche::metrics {

// What the server counts, in the words of Prometheus. Labels take values from closed lists (methods, codes, outcomes, reasons,
// kinds), so that no client can make a new time series. Any thread.
class Metrics {
 public:
  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // A finished call of a known rpc: full method name without the first slash, gRPC code as text.
  void CountCall(const std::string& method, const std::string& code);
  // An item answered: its outcome or the reason of its error, in lower case.
  void CountItem(const std::string& result);
  // Records that have become durable, in order: counts their events, and notes their times for ObserveDelivery.
  void ObserveRecords(const std::vector<std::shared_ptr<const stored::v1::Record>>& records);
  // A group was written to the log, fsync included.
  void ObserveCommit(double seconds) { commit_seconds_.Observe(seconds); }
  // A watch was sent this many revisions, the last of them at this position.
  void ObserveDelivery(uint64_t last_position, size_t events);
  // A watch was told that this many positions are gone.
  void ObserveGap(uint64_t lost);
  // A call was refused, or allowed and worth an audit line: by the reason of the refusal, in lower case.
  void CountRefusal(const std::string& reason);
  // A purge is to be answered.
  void CountPurge(bool ok) { purges_.Add({{"result", ok ? "ok" : "failed"}}).Increment(); }
  // The overlays were read again, or were not because of an error.
  void CountReload(bool ok) { reloads_.Add({{"result", ok ? "ok" : "failed"}}).Increment(); }

  // Values that are read when the metrics are asked for. What they refer to outlives the last Text().
  Sources& sources() { return *sources_; }

  // All metrics in the text format of Prometheus.
  std::string Text() const;

 private:
  const std::shared_ptr<prometheus::Registry> registry_;
  const std::shared_ptr<Sources> sources_;
  prometheus::Family<prometheus::Counter>& calls_;
  prometheus::Family<prometheus::Counter>& items_;
  prometheus::Family<prometheus::Counter>& events_;
  prometheus::Family<prometheus::Counter>& refusals_;
  prometheus::Family<prometheus::Counter>& reloads_;
  prometheus::Family<prometheus::Counter>& purges_;
  prometheus::Counter& delivered_;
  prometheus::Counter& gaps_;
  prometheus::Counter& lost_;
  prometheus::Histogram& commit_seconds_;
  prometheus::Histogram& append_seconds_;
  prometheus::Histogram& delivery_seconds_;
  DeliveryClock clock_;
};

}  // namespace demarche::metrics

#endif  // DEMARCHE_SERVER_METRICS_METRICS_H_
