#ifndef DEMARCHE_SERVER_LOG_EVENT_LOG_H_
#define DEMARCHE_SERVER_LOG_EVENT_LOG_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/purge.pb.h"
#include "demarche/stored/v1/record.pb.h"
#include "pipeline/stage/keyed_state.h"

namespace demarche::log {

using RecordPtr = std::shared_ptr<const stored::v1::Record>;

// What a log holds.
struct LogInfo {
  std::string epoch;            // 16 hex digits; positions of another epoch are of another log, whatever their numbers
  uint64_t first_position = 0;  // just before the first record kept: reading after it reads everything
  uint64_t last_position = 0;   // of the last record appended; first_position in an empty log
  uint64_t item_count = 0;      // since the log began
  uint64_t event_count = 0;     // since the log began
  uint64_t byte_count = 0;      // of the records and texts that are kept, as serialised
};

// What may be dropped. Zero drops nothing.
struct Retention {
  int64_t records_before_us = 0;                               // appended before
  uint64_t max_bytes = 0;                                      // the oldest records, while LogInfo::byte_count is more than this
  int64_t items_before_us = 0;                                 // idempotency entries of dropped records, appended before
  uint64_t keep_after = std::numeric_limits<uint64_t>::max();  // records that end after this position stay in any case
};

// A value kept beside the records, such as how far a subscription has come.
struct StateChange {
  std::string key;
  std::optional<std::string> value;  // none: the key goes
};
struct StateRow {
  std::string key;
  std::string value;
};

// What is to leave the log for good.
struct Erasure {
  std::vector<stored::v1::StoredEvent> revisions{};  // each in the place of the one of its id and revision, if that is there
  std::vector<uint64_t> texts{};                     // last positions of the records whose texts go
  std::vector<StateChange> state{};                  // written with it
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
// Threads: one thread appends and erases, one trims, any number scrub, write state and read, all at once. What a reader sees is
// durable, or will be at the next sync where the operator chose intervals. The rows of the stages that remember (stage::KeyedState)
// are as the records changed them last, and outlive those records.
class EventLog : public stage::KeyedState {
 public:
  // Appends the records, all or none, and returns when they are durable. Sets last_position and append_time_us of each record
  // and of its item entry. Record times never run backwards. The latest record of an item key, or of an event id and revision,
  // is the one found by it. Errors leave the log as it was: INVALID_ARGUMENT for a record that CheckRecords (stamp.h) refuses,
  // UNAVAILABLE when nothing was stored and a retry may help (the message says 'storage full' at the free-space watermark),
  // DATA_LOSS when the log has stopped: what became of the records is known when it is opened again.
  virtual absl::Status Append(std::span<stored::v1::Record> records) = 0;

  // The records that end after `after`, those without events too, in order and without their news_item and state: as many as fit in
  // `max_bytes` of serialised records, but at least one when there is one. Empty at the end. The first may begin at or before
  // `after`: pass over its earlier events. A gap marker (a record with `lost_after`) is given alone: everything up to its last
  // position is lost. OUT_OF_RANGE when `after` is older than first_position or newer than last_position; DATA_LOSS when a record
  // is damaged or missing.
  virtual absl::StatusOr<std::vector<RecordPtr>> Read(uint64_t after, size_t max_bytes) const = 0;

  // The last position appended before the time, first_position when there is none: reading after it begins with the first record at
  // or after it.
  virtual absl::StatusOr<uint64_t> PositionBefore(int64_t time_us) const = 0;

  // NOT_FOUND when the key is new, or forgotten (Retention::items_before_us).
  virtual absl::StatusOr<stored::v1::ItemEntry> FindItem(const ItemKey& key) const = 0;
  // The serialised NewsItem as received. NOT_FOUND when there is none or its text is not kept.
  virtual absl::StatusOr<std::string> FindNewsItem(const ItemKey& key) const = 0;

  // The latest revision. NOT_FOUND.
  virtual absl::StatusOr<FoundEvent> FindEvent(std::string_view event_id) const = 0;
  // The same, without reading the record: cheap however many events it holds. NOT_FOUND.
  virtual absl::StatusOr<RevisionPlace> LocateEvent(std::string_view event_id) const = 0;
  // All kept revisions, oldest first. NOT_FOUND when there is none.
  virtual absl::StatusOr<std::vector<FoundEvent>> FindRevisions(std::string_view event_id) const = 0;
  // Where they stand, or stood before the record was dropped. NOT_FOUND.
  virtual absl::StatusOr<std::vector<RevisionPlace>> LocateRevisions(std::string_view event_id) const = 0;

  // Drops the oldest records that may go, but the last batch never, and moves first_position behind them. Kept all the same: the
  // latest revision of every event that is not retracted, which FindEvent, LocateEvent and FindRevisions still give, and the
  // idempotency entries of younger items. A small step at a time, so that appends wait for no more than that: true when something
  // was dropped, and more may have to.
  virtual absl::StatusOr<bool> Trim(const Retention& retention) = 0;

  // Appends the record as Append does and with it, all or nothing, erases: no reading that begins after it gives what was erased.
  // Positions, ids and counts stay as they are, byte_count too. The same again changes no more than the record appended.
  virtual absl::Status Erase(stored::v1::Record& record, const Erasure& erasure) = 0;
  // Returns when what was erased at these places, or deleted there before, is in no file of the log any more. May take a while.
  // UNAVAILABLE when it has to be done again. Errors else as of Append.
  virtual absl::Status Scrub(const stored::v1::ErasedPlaces& places) = 0;

  // Changes state, all or nothing, and returns when it is on the disk, whatever the operator chose for records. Errors as of
  // Append.
  virtual absl::Status WriteState(std::span<const StateChange> changes) = 0;
  // The rows whose keys begin with the prefix and sort after `after`, by key: as many as fit in `max_bytes`, but at least one when
  // there is one. DATA_LOSS.
  virtual absl::StatusOr<std::vector<StateRow>> ReadState(std::string_view prefix, std::string_view after,
                                                          size_t max_bytes) const = 0;

  // The listener is called once, when the log has stopped (Append gives DATA_LOSS from then on; reading goes on), and at once when
  // it already has. From the thread that finds it, which it must not block. Replaces the listener before, which does not run any
  // more when the call returns; null for none.
  virtual void OnStopped(std::function<void(const absl::Status&)> listener) = 0;

  virtual LogInfo info() const = 0;
};

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_EVENT_LOG_H_
