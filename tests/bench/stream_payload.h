#ifndef DEMARCHE_TESTS_BENCH_STREAM_PAYLOAD_H_
#define DEMARCHE_TESTS_BENCH_STREAM_PAYLOAD_H_

#include <string>
#include <vector>

#include "demarche/v1/event.pb.h"
#include "server/log/event_log.h"

namespace demarche::bench {

inline constexpr int kParties = 100;          // an event has one of them
inline constexpr int kEventsOfRecord = 4;     // as many as a longer article has
inline constexpr int kRecordsOfPublish = 16;  // what one append takes together under load

// The events that are sent again and again: `small` ones of 386 bytes, or those of the demo's articles.
std::vector<v1::DiplomaticEvent> LoadEvents(const std::string& payload);
// Of one event, on average.
size_t MeanBytes(const std::vector<v1::DiplomaticEvent>& events);
// The code of a party, for filters.
std::string PartyCode(int number);

// Records with so many events in all, at positions from 1 on.
std::vector<log::RecordPtr> MakeRecords(const std::vector<v1::DiplomaticEvent>& events, int count);
stored::v1::Record MakeRecord(const std::vector<v1::DiplomaticEvent>& events, int first, int count);

}  // namespace demarche::bench

#endif  // DEMARCHE_TESTS_BENCH_STREAM_PAYLOAD_H_
