#include "server/metrics/metrics.h"

#include <algorithm>
#include <chrono>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "demarche/v1/event.pb.h"
#include "prometheus/text_serializer.h"

namespace demarche::metrics {
namespace {

// From a tenth of a millisecond to a minute: an fsync at the one end, a stalled disk or subscriber at the other.
const prometheus::Histogram::BucketBoundaries& Seconds() {
  static const auto& bounds = *new prometheus::Histogram::BucketBoundaries{
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
  return bounds;
}

prometheus::Family<prometheus::Counter>& CounterFamily(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Histogram& SecondsHistogram(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, Seconds());
}

std::string StateLabel(int32_t state) {
  const std::string name = v1::EventState_IsValid(state) ? v1::EventState_Name(state) : "EVENT_STATE_UNSPECIFIED";
  return absl::AsciiStrToLower(absl::StripPrefix(name, "EVENT_STATE_"));
}

int64_t NowUs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

double SecondsBetween(int64_t begin_us, int64_t end_us) {
  return static_cast<double>(std::max<int64_t>(0, end_us - begin_us)) * 1e-6;
}

}  // namespace

Metrics::Metrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      sources_(std::make_shared<Sources>()),
      calls_(CounterFamily(*registry_, "demarche_grpc_calls_total", "Calls that have ended, by method and gRPC code.")),
      items_(CounterFamily(*registry_, "demarche_items_total", "News items answered, by outcome or reason of the error.")),
      events_(CounterFamily(*registry_, "demarche_events_total", "Event revisions stored, by kind and state.")),
      refusals_(CounterFamily(*registry_, "demarche_refused_calls_total", "Calls refused before they were served, by reason.")),
      reloads_(CounterFamily(*registry_, "demarche_reloads_total", "Times the overlays were read again, by result.")),
      purges_(CounterFamily(*registry_, "demarche_purges_total", "Purges of items, by result.")),
      delivered_(CounterFamily(*registry_, "demarche_events_delivered_total", "Event revisions sent to watches.").Add({})),
      gaps_(CounterFamily(*registry_, "demarche_watch_gaps_total", "Gaps that watches were told of.").Add({})),
      lost_(CounterFamily(*registry_, "demarche_watch_lost_positions_total", "Positions in those gaps.").Add({})),
      commit_seconds_(SecondsHistogram(*registry_, "demarche_log_commit_seconds",
                                       "Time to write a group of items to the log, fsync included.")),
      append_seconds_(SecondsHistogram(*registry_, "demarche_ingest_to_append_seconds",
                                       "Time from the arrival of an item until it and its events were written.")),
      delivery_seconds_(SecondsHistogram(*registry_, "demarche_ingest_to_delivery_seconds",
                                         "Time from the arrival of an item until a watch at the live end was sent its events; the "
                                         "last of each batch counts.")) {
  for (const char* result : {"ok", "failed"})
    reloads_.Add({{"result", result}});  // from 0, so that the first is seen as an increase
}

void Metrics::CountCall(const std::string& method, const std::string& code) {
  calls_.Add({{"method", method}, {"code", code}}).Increment();
}

void Metrics::CountItem(const std::string& result) { items_.Add({{"result", result}}).Increment(); }

void Metrics::CountRefusal(const std::string& reason) { refusals_.Add({{"reason", reason}}).Increment(); }

void Metrics::ObserveRecords(const std::vector<std::shared_ptr<const stored::v1::Record>>& records) {
  for (const auto& record : records) {
    append_seconds_.Observe(SecondsBetween(record->ingest_time_us(), record->append_time_us()));
    for (const stored::v1::StoredEvent& event : record->events()) {
      events_.Add({{"kind", event.header().kind()}, {"state", StateLabel(event.header().state())}}).Increment();
    }
  }
  clock_.Note(records);
}

void Metrics::ObserveDelivery(uint64_t last_position, size_t events) {
  delivered_.Increment(static_cast<double>(events));
  const auto ingest_time_us = clock_.IngestTimeOf(last_position);
  if (ingest_time_us.has_value()) delivery_seconds_.Observe(SecondsBetween(*ingest_time_us, NowUs()));
}

void Metrics::ObserveGap(uint64_t lost) {
  gaps_.Increment();
  lost_.Increment(static_cast<double>(lost));
}

std::string Metrics::Text() const {
  std::vector<prometheus::MetricFamily> families = registry_->Collect();
  for (prometheus::MetricFamily& family : sources_->Collect()) families.push_back(std::move(family));
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return out.str();
}

}  // namespace demarche::metrics
