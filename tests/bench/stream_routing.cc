#include <deque>
#include <string>
#include <vector>

#include "server/subscription/hub.h"
#include "tests/bench/stream_measures.h"
#include "tests/bench/stream_payload.h"

namespace demarche::bench {
namespace {

constexpr int kEvents = 4096;

query::Filter DistinctFilter(int number) {
  return *query::Filter::Compile("party : " + PartyCode(number % kParties) + " AND publisher_count < " +
                                 std::to_string(1 + number / kParties));
}

}  // namespace

void MeasureRouting(Report& report) {
  const auto records = MakeRecords(LoadEvents("small"), kEvents);
  for (const int count : {1, 100, 1000, 10'000}) {
    subscription::Hub hub(log::LogInfo{.epoch = "0123456789abcdef"}, {});
    std::vector<query::Filter> filters;
    std::deque<subscription::Membership> members;
    for (int i = 0; i < count; ++i) {
      filters.push_back(DistinctFilter(i));
      members.emplace_back(hub.router(), subscription::FilterSet({filters.back()}));
    }
    PublishAll(hub, records, 0);
    const double begin = ThreadSeconds();
    hub.Dispatch();
    const double routed = ThreadSeconds() - begin;
    size_t matches = 0;
    for (const auto& record : records) {
      for (const auto& event : record->events()) {
        for (const query::Filter& filter : filters) matches += filter.Matches(event.header()) ? 1 : 0;
      }
    }
    const double asked = ThreadSeconds() - begin - routed;
    report.Add({"routing an event to " + std::to_string(count) + " distinct filters, " + std::to_string(matches / kEvents) +
                    " of which match: CPU us",
                routed * 1e6 / kEvents, "asking all", asked * 1e6 / kEvents});
  }
}

}  // namespace demarche::bench
