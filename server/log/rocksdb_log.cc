#include "server/log/rocksdb_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/log/stamp.h"
#include "server/log/tables.h"

namespace demarche::log {
namespace {

constexpr uint64_t kMebibyte = 1 << 20;

}  // namespace

RocksDbLog::RocksDbLog(const Options& options, DataDirectory directory, MarkFile mark, std::unique_ptr<Store> store, Tail tail)
    : options_(options),
      directory_(std::move(directory)),
      epoch_(mark.mark().epoch()),
      store_(std::move(store)),
      meta_(std::move(tail.meta)),
      seal_(std::move(tail.seal)),
      mark_(std::move(mark)),
      marked_number_(mark_.mark().seal().number()) {
  {
    const absl::MutexLock lock(&writing_);
    Show();
  }
  if (!options_.read_only && options_.sync_interval.count() > 0) syncer_ = std::thread([this] { SyncAtIntervals(); });
}

RocksDbLog::~RocksDbLog() {
  {
    const absl::MutexLock lock(&mutex_);
    is_closing_ = true;
  }
  if (syncer_.joinable()) {
    syncer_.join();
    CloseMark();
  }
  const absl::MutexLock lock(&mutex_);
  view_.reset();
}

absl::Status RocksDbLog::CheckWritable() const {
  if (options_.read_only) return absl::FailedPreconditionError(absl::StrCat(options_.directory, " was opened for reading"));
  return stopped();
}

absl::Status RocksDbLog::Append(std::span<stored::v1::Record> records) {
  if (absl::Status status = CheckWritable(); !status.ok()) return status;
  if (absl::Status status = CheckRecords(records); !status.ok()) return status;
  if (records.empty()) return absl::OkStatus();
  const absl::MutexLock lock(&writing_);
  rocksdb::WriteBatch batch;
  return Write(records, batch);
}

absl::Status RocksDbLog::Write(std::span<stored::v1::Record> records, rocksdb::WriteBatch& batch) {
  Stamp(records, seal_.last_position(), std::max(seal_.append_time_us(), options_.clock()));
  stored::v1::BatchSeal seal = seal_;
  seal.set_number(seal_.number() + 1);
  for (stored::v1::Record& record : records) PutRecord(*store_, record, seal, batch);
  PutSeal(*store_, seal, batch);
  if (absl::Status status = CheckSpace(batch.GetDataSize()); !status.ok()) return status;
  const auto begin = std::chrono::steady_clock::now();
  if (absl::Status status = Commit(batch, seal); !status.ok()) return Stop(status);
  if (options_.on_commit) options_.on_commit(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  seal_ = std::move(seal);
  Show();
  return absl::OkStatus();
}

absl::Status RocksDbLog::CheckSpace(size_t bytes) const {
  const auto free = directory_.FreeBytes();
  if (!free.ok()) return absl::UnavailableError(absl::StrCat(free.status().message()));
  const uint64_t needed = options_.min_free_bytes + bytes;
  if (*free >= needed) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("storage full: ", *free / kMebibyte, " MiB free in ", options_.directory, ", ",
                                             (needed + kMebibyte - 1) / kMebibyte, " MiB needed"));
}

absl::Status RocksDbLog::Commit(rocksdb::WriteBatch& batch, const stored::v1::BatchSeal& seal) {
  const bool sync = options_.sync_interval.count() == 0;
  if (absl::Status status = store_->Write(batch, sync); !status.ok()) return status;
  return sync ? WriteMark(seal) : absl::OkStatus();
}

absl::Status RocksDbLog::WriteMark(const stored::v1::BatchSeal& seal) {
  stored::v1::Mark mark = mark_.mark();
  *mark.mutable_seal() = seal;
  if (absl::Status status = mark_.Write(mark); !status.ok()) return status;
  const absl::MutexLock lock(&mutex_);
  marked_number_ = seal.number();
  return absl::OkStatus();
}

absl::Status RocksDbLog::SyncUpTo(const stored::v1::BatchSeal& seal) {
  if (seal.number() == mark_.mark().seal().number()) return absl::OkStatus();
  if (absl::Status status = store_->Sync(); !status.ok()) return status;
  return WriteMark(seal);
}

void RocksDbLog::SyncAtIntervals() {
  bool is_last = false;
  while (!is_last) {
    ViewPtr written;
    {
      const absl::MutexLock lock(&mutex_);
      const auto closes = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return is_closing_; };
      is_last = mutex_.AwaitWithTimeout(absl::Condition(&closes), absl::FromChrono(options_.sync_interval));
      if (!stopped_.ok()) return;
      written = view_;
    }
    if (absl::Status status = SyncUpTo(written->seal); !status.ok()) {
      Stop(status).IgnoreError();
      return;
    }
  }
}

// Everything is on the disk: the next to open the log need not doubt it.
void RocksDbLog::CloseMark() {
  if (!stopped().ok()) return;
  stored::v1::Mark mark = mark_.mark();
  mark.set_may_lag(false);
  MarkFile::Create(directory_, mark).IgnoreError();
}

absl::Status RocksDbLog::stopped() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return stopped_;
}

// What a failed write left behind is not known until the log is opened again.
absl::Status RocksDbLog::Stop(const absl::Status& cause) {
  absl::Status stopped;
  std::function<void(const absl::Status&)> listener;
  {
    const absl::MutexLock lock(&mutex_);
    if (!stopped_.ok()) return stopped_;
    stopped = stopped_ =
        absl::DataLossError(absl::StrCat("the log stopped after a failed write; open it again: ", cause.message()));
    is_telling_ = true;
    listener = listener_;
  }
  if (listener) listener(stopped);
  const absl::MutexLock lock(&mutex_);
  is_telling_ = false;
  return stopped;
}

void RocksDbLog::OnStopped(std::function<void(const absl::Status&)> listener) {
  absl::Status stopped;
  {
    const absl::MutexLock lock(&mutex_);
    const auto is_quiet = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !is_telling_; };
    mutex_.Await(absl::Condition(&is_quiet));
    stopped = stopped_;
    listener_ = listener;
  }
  if (!stopped.ok() && listener) listener(stopped);
}

void RocksDbLog::Show() {
  const auto release = [this](const View* view) {
    store_->db().ReleaseSnapshot(view->snapshot);
    delete view;
  };
  ViewPtr view(new View{store_->db().GetSnapshot(), meta_.base(), seal_}, release);
  const absl::MutexLock lock(&mutex_);
  view_.swap(view);
}

RocksDbLog::ViewPtr RocksDbLog::view() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return view_;
}

LogInfo RocksDbLog::info() const {
  const ViewPtr shown = view();
  return {.epoch = epoch_,
          .first_position = shown->base.last_position(),
          .last_position = shown->seal.last_position(),
          .item_count = shown->seal.item_count(),
          .event_count = shown->seal.event_count(),
          .byte_count = shown->seal.byte_count() - shown->base.byte_count()};
}

}  // namespace demarche::log
