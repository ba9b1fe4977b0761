#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/log/copy.h"
#include "server/log/rocksdb_log.h"
#include "server/log/stamp.h"
#include "server/log/tables.h"

namespace demarche::log {
namespace {

bool HasStore(const DataDirectory& directory) { return directory.Has(absl::StrCat(kStoreName, "/CURRENT")); }

// The mark comes first: from then on a store without a mark, or a mark without its store, is a loss and not a beginning.
absl::Status Begin(const DataDirectory& directory, uint64_t first_position) {
  stored::v1::Mark mark;
  mark.set_log_id(NewRandomId());
  mark.set_epoch(NewRandomId());
  *mark.mutable_seal() = SealBeforeAll(first_position);
  return MarkFile::Create(directory, mark);
}

// Looks at what is there before anything is changed, so that a damaged log stays as it was found. An empty tail when there is
// nothing yet.
absl::StatusOr<Tail> Inspect(const DataDirectory& directory, const MarkFile& mark, const RocksDbLog::Options& options) {
  const std::string path = directory.PathOf(kStoreName);
  const bool may_be_new = mark.mark().seal().number() == 0 && !mark.is_slot_damaged();
  if (!HasStore(directory)) {
    if (may_be_new) return Tail();
    return absl::DataLossError(absl::StrCat(path, "/CURRENT is missing, but ", mark.path(), " says that position ",
                                            mark.mark().seal().last_position(), " was acknowledged"));
  }
  const auto store = Store::Open(path, Store::Mode::kRead, options.store);
  // A crash while the tables were being created.
  if (!store.ok() && may_be_new) return Tail();
  if (!store.ok()) return store.status();
  auto tail = CheckTail(**store, mark);
  if (absl::IsNotFound(tail.status())) return Tail();
  return tail;
}

absl::Status WriteMeta(Store& store, const MarkFile& mark) {
  stored::v1::LogMeta meta;
  meta.set_format_version(kFormatVersion);
  meta.set_log_id(mark.mark().log_id());
  *meta.mutable_base() = mark.mark().seal();
  rocksdb::WriteBatch batch;
  PutMeta(store, meta, batch);
  return store.Write(batch, /*sync=*/true);
}

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const DataDirectory& directory, const MarkFile& mark, bool is_new,
                                                 const RocksDbLog::Options& options) {
  const std::string path = directory.PathOf(kStoreName);
  if (options.read_only) return Store::Open(path, Store::Mode::kRead, options.store);
  if (!is_new) return Store::Open(path, Store::Mode::kWrite, options.store);
  if (absl::Status status = directory.MakeSubdirectory(kStoreName); !status.ok()) return status;
  auto store = Store::Open(path, Store::Mode::kCreate, options.store);
  if (!store.ok()) return store;
  if (absl::Status status = WriteMeta(**store, mark); !status.ok()) return status;
  return store;
}

absl::StatusOr<MarkFile> OpenMark(const DataDirectory& directory, const RocksDbLog::Options& options) {
  if (directory.Has(kBackupName)) {
    return absl::FailedPreconditionError(absl::StrCat(options.directory, " is a backup: use `demarched log restore`"));
  }
  if (!directory.Has(kMarkName) && !directory.Has(kStoreName)) {
    if (options.read_only) return absl::NotFoundError(absl::StrCat(options.directory, " holds no log"));
    if (absl::Status status = Begin(directory, options.first_position); !status.ok()) return status;
  }
  return MarkFile::Open(directory, options.read_only);
}

// Says in the mark how the log is synced from now on. What was acknowledged before a sync and was not closed may be lost, and the
// positions that it had will be given out again: they get a new epoch.
absl::StatusOr<MarkFile> Renew(const DataDirectory& directory, MarkFile file, const RocksDbLog::Options& options) {
  const bool may_lag = options.sync_interval.count() > 0;
  if (options.read_only || (!may_lag && !file.mark().may_lag())) return file;
  stored::v1::Mark mark = file.mark();
  if (mark.may_lag()) mark.set_epoch(NewRandomId());
  mark.set_may_lag(may_lag);
  if (absl::Status status = MarkFile::Create(directory, mark); !status.ok()) return status;
  return MarkFile::Open(directory, /*read_only=*/false);
}

}  // namespace

absl::StatusOr<std::unique_ptr<RocksDbLog>> RocksDbLog::Open(const Options& options) {
  auto directory = DataDirectory::Open(options.directory, options.read_only);
  if (!directory.ok()) return directory.status();
  auto mark = OpenMark(*directory, options);
  if (!mark.ok()) return mark.status();
  const auto found = Inspect(*directory, *mark, options);
  if (!found.ok()) return found.status();
  auto store = OpenStore(*directory, *mark, found->meta.log_id().empty(), options);
  if (!store.ok()) return store.status();
  auto tail = CheckTail(**store, *mark);
  if (!tail.ok()) return tail.status();
  mark = Renew(*directory, *std::move(mark), options);
  if (!mark.ok()) return mark.status();
  return std::unique_ptr<RocksDbLog>(
      new RocksDbLog(options, *std::move(directory), *std::move(mark), *std::move(store), *std::move(tail)));
}

}  // namespace demarche::log
