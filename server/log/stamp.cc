#include "server/log/stamp.h"

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "demarche/v1/event.pb.h"

namespace demarche::log {
namespace {

std::string Fault(const stored::v1::Record& record) {
  if (record.has_lost_after()) return "lost_after is set: only a repair leaves gap markers";
  if (!record.news_item().empty() && !record.has_item()) return "news_item is set but item is not";
  for (int i = 0; i < record.events_size(); ++i) {
    const stored::v1::StoredEvent& event = record.events(i);
    if (event.event_id().empty()) return absl::StrCat("events[", i, "].event_id is empty");
    if (event.revision() == 0) return absl::StrCat("events[", i, "].revision is 0");
    if (event.frame().empty()) return absl::StrCat("events[", i, "].frame is empty");
  }
  return "";
}

}  // namespace

absl::Status CheckRecords(std::span<const stored::v1::Record> records) {
  for (size_t i = 0; i < records.size(); ++i) {
    const std::string fault = Fault(records[i]);
    if (!fault.empty()) return absl::InvalidArgumentError(absl::StrCat("records[", i, "].", fault));
  }
  return absl::OkStatus();
}

uint64_t Stamp(std::span<stored::v1::Record> records, uint64_t last_position, int64_t time_us) {
  for (stored::v1::Record& record : records) {
    last_position += PositionCount(record);
    record.set_last_position(last_position);
    record.set_append_time_us(time_us);
    if (!record.has_item()) continue;
    record.mutable_item()->set_last_position(last_position);
    record.mutable_item()->set_append_time_us(time_us);
  }
  return last_position;
}

uint64_t PositionCount(const stored::v1::Record& record) {
  if (record.has_lost_after()) return record.last_position() - record.lost_after();
  return std::max(1, record.events_size());
}

uint64_t FirstPosition(const stored::v1::Record& record) { return record.last_position() - PositionCount(record) + 1; }

absl::Status CheckPosition(uint64_t after, uint64_t first_position, uint64_t last_position) {
  if (after < first_position) {
    return absl::OutOfRangeError(absl::StrCat("position ", after, " is older than the log, which begins after ", first_position));
  }
  if (after > last_position) {
    return absl::OutOfRangeError(absl::StrCat("position ", after, " is newer than the log, which ends at ", last_position));
  }
  return absl::OkStatus();
}

bool IsLive(const stored::v1::StoredEvent& event) { return event.header().state() != v1::EVENT_STATE_RETRACTED; }

std::string NewRandomId() {
  std::random_device device;
  const uint64_t high = device();
  return absl::StrFormat("%016x", high << 32 | device());
}

}  // namespace demarche::log
