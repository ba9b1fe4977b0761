#ifndef DEMARCHE_SERVER_LOG_MEMORY_LOG_H_
#define DEMARCHE_SERVER_LOG_MEMORY_LOG_H_

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "pipeline/document/strings.h"
#include "server/log/clock.h"
#include "server/log/event_log.h"

namespace demarche::log {

// An EventLog that lives as long as its object: for tests and `classify`-like uses that keep nothing.
class MemoryLog : public EventLog {
 public:
  // `first_position`: as if everything up to it had been trimmed.
  explicit MemoryLog(Clock clock = SystemTimeUs, uint64_t first_position = 0);

  absl::Status Append(std::span<stored::v1::Record> records) override;
  absl::StatusOr<std::vector<RecordPtr>> Read(uint64_t after, size_t max_bytes) const override;
  absl::StatusOr<uint64_t> PositionBefore(int64_t time_us) const override;
  absl::StatusOr<stored::v1::ItemEntry> FindItem(const ItemKey& key) const override;
  absl::StatusOr<std::string> FindNewsItem(const ItemKey& key) const override;
  absl::StatusOr<FoundEvent> FindEvent(std::string_view event_id) const override;
  absl::StatusOr<RevisionPlace> LocateEvent(std::string_view event_id) const override;
  absl::StatusOr<std::vector<FoundEvent>> FindRevisions(std::string_view event_id) const override;
  absl::StatusOr<std::vector<RevisionPlace>> LocateRevisions(std::string_view event_id) const override;
  absl::StatusOr<std::string> FindState(std::string_view key) const override;
  absl::Status VisitState(std::string_view prefix, const Visitor& visit) const override;
  absl::StatusOr<bool> Trim(const Retention& retention) override;
  absl::Status Erase(stored::v1::Record& record, const Erasure& erasure) override;
  absl::Status Scrub(const stored::v1::ErasedPlaces&) override { return absl::OkStatus(); }  // it has no files
  absl::Status WriteState(std::span<const StateChange> changes) override;
  absl::StatusOr<std::vector<StateRow>> ReadState(std::string_view prefix, std::string_view after, size_t max_bytes) const override;
  void OnStopped(std::function<void(const absl::Status&)>) override {}  // nothing stops it
  LogInfo info() const override;

 private:
  struct Entry {
    RecordPtr record;
    size_t bytes;       // of the record
    size_t text_bytes;  // of its text
  };
  struct Item {
    RecordPtr record;
    std::string news_item;
  };
  struct Place {
    RecordPtr record;
    int index;
  };
  using Revisions = std::map<uint32_t, Place>;

  void AppendLocked(std::span<stored::v1::Record> records, int64_t now_us) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ChangeState(std::span<const StateChange> changes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Replace(const RecordPtr& record, const RecordPtr& by) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropFirst() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Keep(const stored::v1::Record& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  const Item* Find(const ItemKey& key) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const Clock clock_;

  mutable absl::Mutex mutex_;
  LogInfo info_ ABSL_GUARDED_BY(mutex_);
  int64_t last_time_us_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::deque<RecordPtr> remembered_ ABSL_GUARDED_BY(mutex_);  // dropped, but not their items
  StringMap<Item> items_ ABSL_GUARDED_BY(mutex_);
  StringMap<Revisions> events_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string, std::less<>> stage_rows_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string, std::less<>> state_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_MEMORY_LOG_H_
