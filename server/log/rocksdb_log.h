#ifndef DEMARCHE_SERVER_LOG_ROCKSDB_LOG_H_
#define DEMARCHE_SERVER_LOG_ROCKSDB_LOG_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/log/clock.h"
#include "server/log/data_directory.h"
#include "server/log/event_log.h"
#include "server/log/mark_file.h"
#include "server/log/recovery.h"
#include "server/log/store.h"

namespace demarche::log {

// The embedded EventLog: one process, one directory. What is on disk: FORMAT.md. Survives kill -9, and loss of power if the disk
// honours flush; refuses to open when anything acknowledged is missing. All readers must be done before it is destroyed.
class RocksDbLog : public EventLog {
 public:
  struct Options {
    std::string directory;
    // Zero: Append returns when its records are on the disk. Otherwise they are brought there at this interval, and a loss of
    // power (not a kill) may lose what was acknowledged since: a log that was not closed begins a new epoch when it is opened.
    std::chrono::milliseconds sync_interval{0};
    uint64_t min_free_bytes = uint64_t{256} << 20;  // appends are refused below this much free space
    Clock clock = SystemTimeUs;
    bool read_only = false;       // for looking into it: changes no file but the lock
    uint64_t first_position = 0;  // of a log that is created: the positions up to here were given out elsewhere
    Store::Options store{};
    std::function<void(double seconds)> on_commit = nullptr;  // after each durable append; from the appending thread
  };

  // Creates the log when the directory is empty or missing. DATA_LOSS names file and position when something acknowledged is
  // damaged or missing; FAILED_PRECONDITION when the directory cannot be used, is locked by another process, or holds an unknown
  // format.
  static absl::StatusOr<std::unique_ptr<RocksDbLog>> Open(const Options& options);
  ~RocksDbLog() override;

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
  absl::Status Scrub(const stored::v1::ErasedPlaces& places) override;
  absl::Status WriteState(std::span<const StateChange> changes) override;
  absl::StatusOr<std::vector<StateRow>> ReadState(std::string_view prefix, std::string_view after, size_t max_bytes) const override;
  void OnStopped(std::function<void(const absl::Status&)> listener) override;
  LogInfo info() const override;

 private:
  // What readers see: the log as it was after an append or a trim.
  struct View {
    const rocksdb::Snapshot* snapshot;
    stored::v1::BatchSeal base;
    stored::v1::BatchSeal seal;
  };
  using ViewPtr = std::shared_ptr<const View>;

  RocksDbLog(const Options& options, DataDirectory directory, MarkFile mark, std::unique_ptr<Store> store, Tail tail);

  absl::Status CheckWritable() const;
  absl::Status CheckSpace(size_t bytes) const;
  // Adds the records to the batch, writes it and shows what it did.
  absl::Status Write(std::span<stored::v1::Record> records, rocksdb::WriteBatch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writing_);
  absl::Status Commit(rocksdb::WriteBatch& batch, const stored::v1::BatchSeal& seal) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writing_);
  absl::Status WriteMark(const stored::v1::BatchSeal& seal);
  absl::Status SyncUpTo(const stored::v1::BatchSeal& seal);
  void SyncAtIntervals();
  void CloseMark();

  absl::Status AwaitNewViews(uint64_t sequence) const;
  absl::StatusOr<bool> Drop(const Retention& retention);
  absl::Status GiveBackSpace();

  absl::Status stopped() const;
  absl::Status Stop(const absl::Status& cause);
  void Show() ABSL_EXCLUSIVE_LOCKS_REQUIRED(writing_);
  ViewPtr view() const;
  absl::StatusOr<FoundEvent> Load(const View& shown, const rocksdb::Iterator& entry) const;

  const Options options_;
  const DataDirectory directory_;
  const std::string epoch_;
  const std::unique_ptr<Store> store_;

  // Held while the store is written.
  absl::Mutex writing_;
  stored::v1::LogMeta meta_ ABSL_GUARDED_BY(writing_);
  stored::v1::BatchSeal seal_ ABSL_GUARDED_BY(writing_);

  uint64_t compacted_number_ = 0;  // of the trimming thread: the base up to which space was given back

  // Of the appending thread, or with a sync interval of the thread that syncs.
  MarkFile mark_;

  mutable absl::Mutex mutex_;
  ViewPtr view_ ABSL_GUARDED_BY(mutex_);
  uint64_t marked_number_ ABSL_GUARDED_BY(mutex_);  // of the batch that the mark names
  absl::Status stopped_ ABSL_GUARDED_BY(mutex_);
  std::function<void(const absl::Status&)> listener_ ABSL_GUARDED_BY(mutex_);
  bool is_telling_ ABSL_GUARDED_BY(mutex_) = false;  // the listener
  bool is_closing_ ABSL_GUARDED_BY(mutex_) = false;

  std::thread syncer_;  // only with a sync interval
};

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_ROCKSDB_LOG_H_
