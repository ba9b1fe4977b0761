#ifndef DEMARCHE_SERVER_LOG_EVENT_LOG_H_
#define DEMARCHE_SERVER_LOG_EVENT_LOG_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/record.pb.h"

namespace demarche::log {

using RecordPtr = std::shared_ptr<const stored::v1::Record>;

// What a log holds.
struct LogInfo {
  std::string epoch;            // 16 hex digits, new in every log
  uint64_t first_position = 0;  // just before the first record kept: reading after it reads everything
  uint64_t last_position = 0;   // of the last record appended; first_position in an empty log
  uint64_t item_count = 0;      // since the log began
  uint64_t event_count = 0;     // since the log began
};

// A revision and where it stands.
struct FoundEvent {
  stored::v1::StoredEvent event;
  uint64_t position = 0;
  int64_t append_time_us = 0;
};

// Where a revision stands, without its content.
struct RevisionPlace {
  uint32_t revision = 0;
  uint64_t record_position = 0;  // last position of the record that holds it
};

// Who published what: the scope of an idempotency key.
struct ItemKey {
  std::string_view principal;
  std::string_view publisher;
  std::string_view news_item_id;
};

// The ordered, durable record of what happened. Every engine passes the same contract tests (tests/contract).
// Threads: one thread at a time appends or trims; any number read meanwhile. What a reader sees is durable.
class EventLog {
 public:
  virtual ~EventLog() = default;

  // Appends the records, all or none, and returns when they are durable. Sets last_position and append_time_us of each record
  // and of its item entry. Record times never run backwards. The latest record of an item key, or of an event id and revision,
  // is the one found by it. Errors leave the log as it was: INVALID_ARGUMENT for a record that CheckRecords (stamp.h) refuses,
  // UNAVAILABLE when nothing was stored and a retry may help (the message says 'storage full' at the free-space watermark),
  // DATA_LOSS when the log must not be used any more.
  virtual absl::Status Append(std::span<stored::v1::Record> records) = 0;

  // The records that end after `after`, those without events too, in order and without their news_item: as many as fit in
  // `max_bytes` of serialised records, but at least one when there is one. Empty at the end. The first may begin at or before
  // `after`: pass over its earlier events. OUT_OF_RANGE when `after` is older than first_position or newer than last_position;
  // DATA_LOSS when a record is damaged or missing.
  virtual absl::StatusOr<std::vector<RecordPtr>> Read(uint64_t after, size_t max_bytes) const = 0;

  // The last position appended before the time, first_position when there is none: reading after it begins with the first record at
  // or after it.
  virtual absl::StatusOr<uint64_t> PositionBefore(int64_t time_us) const = 0;

  // NOT_FOUND when the key is new.
  virtual absl::StatusOr<stored::v1::ItemEntry> FindItem(const ItemKey& key) const = 0;
  // The serialised NewsItem as received. NOT_FOUND when there is none or its text is not kept.
  virtual absl::StatusOr<std::string> FindNewsItem(const ItemKey& key) const = 0;

  // The latest revision. NOT_FOUND.
  virtual absl::StatusOr<FoundEvent> FindEvent(std::string_view event_id) const = 0;
  // The same, without reading the record: cheap however many events it holds. NOT_FOUND.
  virtual absl::StatusOr<RevisionPlace> LocateEvent(std::string_view event_id) const = 0;
  // All kept revisions, oldest first. NOT_FOUND when there is none.
  virtual absl::StatusOr<std::vector<FoundEvent>> FindRevisions(std::string_view event_id) const = 0;

  virtual LogInfo info() const = 0;
};

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_EVENT_LOG_H_
