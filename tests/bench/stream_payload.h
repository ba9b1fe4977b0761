#ifndef DEMARCHE_TESTS_BENCH_STREAM_PAYLOAD_H_
#define DEMARCHE_TESTS_BENCH_STREAM_PAYLOAD_H_

#include <memory>
#include <string>
#include <vector>

#include "demarche/v1/event.pb.h"
#include "server/subscription/hub.h"

namespace demarche::bench {

inline constexpr int kParties = 100;             // an event has one of them
inline constexpr int kEventsOfRecord = 4;        // as many as a longer article has
inline constexpr size_t kRecordsOfPublish = 16;  // what one append takes together under load

// The events that are sent again and again: `small` ones of 386 bytes, or those of the demo's articles.
std::vector<v1::DiplomaticEvent> LoadEvents(const std::string& payload);
// Of one event, on average.
size_t MeanBytes(const std::vector<v1::DiplomaticEvent>& events);
// The code of a party, for filters.
std::string PartyCode(int number);

// Records with so many events in all.
std::vector<std::shared_ptr<stored::v1::Record>> MakeRecords(const std::vector<v1::DiplomaticEvent>& events, int count);
// Gives them the positions after `after` and publishes them, as many at a time as the committer does. Gives the last position.
uint64_t PublishAll(subscription::Hub& hub, const std::vector<std::shared_ptr<stored::v1::Record>>& records, uint64_t after);
stored::v1::Record MakeRecord(const std::vector<v1::DiplomaticEvent>& events, int first, int count);

}  // namespace demarche::bench

#endif  // DEMARCHE_TESTS_BENCH_STREAM_PAYLOAD_H_
