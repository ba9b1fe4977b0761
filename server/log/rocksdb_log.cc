#include "server/log/rocksdb_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/log/keys.h"
#include "server/log/stamp.h"
#include "server/log/tables.h"

namespace demarche::log {
namespace {

constexpr uint64_t kMebibyte = 1 << 20;

}  // namespace

RocksDbLog::RocksDbLog(const Options& options, DataDirectory directory, MarkFile mark, std::unique_ptr<Store> store, Tail tail)
    : options_(options),
      directory_(std::move(directory)),
      meta_(std::move(tail.meta)),
      store_(std::move(store)),
      seal_(std::move(tail.seal)),
      last_time_us_(tail.last_time_us),
      mark_(std::move(mark)) {
  Show(seal_);
  if (!options_.read_only && options_.sync_interval.count() > 0) syncer_ = std::thread([this] { SyncAtIntervals(); });
}

RocksDbLog::~RocksDbLog() {
  {
    const absl::MutexLock lock(&mutex_);
    is_closing_ = true;
  }
  if (syncer_.joinable()) syncer_.join();
  const absl::MutexLock lock(&mutex_);
  view_.reset();
}

absl::Status RocksDbLog::Append(std::span<stored::v1::Record> records) {
  if (options_.read_only) return absl::FailedPreconditionError(absl::StrCat(options_.directory, " was opened for reading"));
  if (absl::Status status = broken(); !status.ok()) return status;
  if (absl::Status status = CheckRecords(records); !status.ok()) return status;
  if (records.empty()) return absl::OkStatus();

  const int64_t time_us = std::max(last_time_us_, options_.clock());
  Stamp(records, seal_.last_position(), time_us);
  stored::v1::BatchSeal seal = seal_;
  seal.set_number(seal_.number() + 1);
  rocksdb::WriteBatch batch;
  for (stored::v1::Record& record : records) AddRecord(record, seal, batch);
  store_->Put(batch, Table::kSeals, KeyOfNumber(seal.number()), seal.SerializeAsString());
  if (absl::Status status = CheckSpace(batch.GetDataSize()); !status.ok()) return status;
  if (absl::Status status = Commit(batch, seal); !status.ok()) return Break(status);
  last_time_us_ = time_us;
  seal_ = seal;
  Show(seal);
  return absl::OkStatus();
}

void RocksDbLog::AddRecord(stored::v1::Record& record, stored::v1::BatchSeal& seal, rocksdb::WriteBatch& batch) const {
  // The text has a table of its own, so that reading on does not read it.
  std::string text;
  record.mutable_news_item()->swap(text);
  const std::string row = record.SerializeAsString();
  record.mutable_news_item()->swap(text);

  const std::string position = KeyOfNumber(record.last_position());
  store_->Put(batch, Table::kRecords, position, row);
  for (const stored::v1::StoredEvent& event : record.events()) {
    store_->Put(batch, Table::kEvents, KeyOfRevision(event.event_id(), event.revision()), position);
  }
  if (record.has_item()) store_->Put(batch, Table::kItems, KeyOfItem(KeyOf(record.item())), record.item().SerializeAsString());
  if (!record.news_item().empty()) store_->Put(batch, Table::kTexts, position, record.news_item());

  seal.set_chain(Extend(seal.chain(), row));
  seal.set_last_position(record.last_position());
  seal.set_item_count(seal.item_count() + record.has_item());
  seal.set_event_count(seal.event_count() + record.events_size());
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
  stored::v1::Mark mark;
  mark.set_epoch(meta_.epoch());
  *mark.mutable_seal() = seal;
  return mark_.Write(mark);
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
      if (!broken_.ok()) return;
      written = view_;
    }
    if (absl::Status status = SyncUpTo(written->seal); !status.ok()) {
      Break(status).IgnoreError();
      return;
    }
  }
}

absl::Status RocksDbLog::broken() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return broken_;
}

// What a failed write left behind is not known until the log is opened again.
absl::Status RocksDbLog::Break(const absl::Status& cause) {
  const absl::MutexLock lock(&mutex_);
  if (broken_.ok()) {
    broken_ = absl::DataLossError(absl::StrCat("the log stopped after a failed write; open it again: ", cause.message()));
  }
  return broken_;
}

void RocksDbLog::Show(const stored::v1::BatchSeal& seal) {
  const auto release = [this](const View* view) {
    store_->db().ReleaseSnapshot(view->snapshot);
    delete view;
  };
  ViewPtr view(new View{store_->db().GetSnapshot(), seal}, release);
  const absl::MutexLock lock(&mutex_);
  view_.swap(view);
}

RocksDbLog::ViewPtr RocksDbLog::view() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return view_;
}

LogInfo RocksDbLog::info() const {
  const ViewPtr shown = view();
  return {meta_.epoch(), meta_.first_position(), shown->seal.last_position(), shown->seal.item_count(), shown->seal.event_count()};
}

}  // namespace demarche::log
