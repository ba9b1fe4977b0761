#ifndef DEMARCHE_SERVER_LOG_STAMP_H_
#define DEMARCHE_SERVER_LOG_STAMP_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "demarche/stored/v1/record.pb.h"

// The rules of records that all engines share.
namespace demarche::log {

// INVALID_ARGUMENT names the record and the field: an event without id, frame or revision, a news item without its item entry.
absl::Status CheckRecords(std::span<const stored::v1::Record> records);

// Gives the records the positions after `last_position` and the time. Returns the last position given.
uint64_t Stamp(std::span<stored::v1::Record> records, uint64_t last_position, int64_t time_us);

// How many positions a record takes: one for each event, and one when it has none; a gap marker all that were lost.
uint64_t PositionCount(const stored::v1::Record& record);

// Position of the record's first event, or the record's own when it has none; of a gap marker the first that was lost.
uint64_t FirstPosition(const stored::v1::Record& record);

// OUT_OF_RANGE unless first_position <= after <= last_position.
absl::Status CheckPosition(uint64_t after, uint64_t first_position, uint64_t last_position);

// Whether the latest revision of an event stays when its record is dropped.
bool IsLive(const stored::v1::StoredEvent& event);

// 16 random hex digits: an epoch, or the id of a log.
std::string NewRandomId();

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_STAMP_H_
