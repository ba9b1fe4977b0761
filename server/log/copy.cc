#include "server/log/copy.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/log/data_directory.h"
#include "server/log/mark_file.h"
#include "server/log/recovery.h"
#include "server/log/stamp.h"
#include "server/log/store.h"
#include "server/log/tables.h"
#include "server/log/verify.h"

namespace demarche::log {
namespace {

constexpr size_t kChunkBytes = 4 << 20;
// A server that is at work may take a file away, or be writing the mark, while they are opened.
constexpr int kTries = 5;

// A log that is open for reading and whole.
struct Source {
  std::unique_ptr<Store> store;
  stored::v1::Mark mark;
  Tail tail;
};

absl::StatusOr<Source> OpenSource(const DataDirectory& directory, const char* mark_name) {
  const auto mark = MarkFile::Open(directory, /*read_only=*/true, mark_name);
  if (!mark.ok()) return mark.status();
  auto store = Store::Open(directory.PathOf(kStoreName), Store::Mode::kRead, {});
  if (!store.ok()) return store.status();
  auto tail = CheckLog(**store, *mark);
  if (absl::IsNotFound(tail.status())) return absl::FailedPreconditionError(absl::StrCat(directory.path(), " holds an empty log"));
  if (!tail.ok()) return tail.status();
  return Source{*std::move(store), mark->mark(), *std::move(tail)};
}

absl::StatusOr<DataDirectory> OpenTarget(const std::string& path) {
  auto target = DataDirectory::Open(path, /*read_only=*/false);
  if (!target.ok()) return target;
  for (const char* name : {kMarkName, kBackupName, kStoreName}) {
    if (target->Has(name))
      return absl::FailedPreconditionError(absl::StrCat(target->PathOf(name), " is there: the target must be empty"));
  }
  return target;
}

absl::Status CopyTable(const Store& from, Table table, Store& to) {
  const auto iterator = from.NewIterator(table, nullptr);
  rocksdb::WriteBatch batch;
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    to.Put(batch, table, iterator->key().ToStringView(), iterator->value().ToStringView());
    if (batch.GetDataSize() < kChunkBytes) continue;
    if (absl::Status status = to.Write(batch, /*sync=*/false); !status.ok()) return status;
    batch.Clear();
  }
  if (absl::Status status = from.CheckEnd(*iterator); !status.ok()) return status;
  return to.Write(batch, /*sync=*/true);
}

// The mark comes last: without it the target is no log and no backup.
absl::Status CopyInto(const Source& source, const stored::v1::Mark& mark, const DataDirectory& target, const char* mark_name) {
  if (absl::Status status = target.MakeSubdirectory(kStoreName); !status.ok()) return status;
  auto store = Store::Open(target.PathOf(kStoreName), Store::Mode::kCreate, {});
  if (!store.ok()) return store.status();
  for (int table = 0; table < kTableCount; ++table) {
    if (absl::Status status = CopyTable(*source.store, static_cast<Table>(table), **store); !status.ok()) return status;
  }
  store->reset();
  return MarkFile::Create(target, mark, mark_name);
}

void Tell(const Source& source, std::string_view what, const std::string& path, std::ostream& out) {
  const stored::v1::BatchSeal& seal = source.tail.seal;
  out << absl::StrCat(std::string(what), " ", path, ": positions ", source.tail.meta.base().last_position(), " to ",
                      seal.last_position(), ", ", seal.item_count(), " items, ", seal.event_count(), " events\n");
}

}  // namespace

absl::Status BackupLog(const std::string& directory, const std::string& backup, std::ostream& out) {
  const auto from = DataDirectory::OpenShared(directory);
  if (!from.ok()) return from.status();
  if (!from->Has(kMarkName) && !from->Has(kStoreName)) return absl::NotFoundError(absl::StrCat(directory, " holds no log"));
  absl::StatusOr<Source> source = absl::DataLossError("");
  for (int i = 0; i < kTries && absl::IsDataLoss(source.status()); ++i) source = OpenSource(*from, kMarkName);
  if (!source.ok()) return source.status();
  const auto to = OpenTarget(backup);
  if (!to.ok()) return to.status();
  stored::v1::Mark mark = source->mark;
  *mark.mutable_seal() = source->tail.seal;
  if (absl::Status status = CopyInto(*source, mark, *to, kBackupName); !status.ok()) return status;
  if (const auto copy = OpenSource(*to, kBackupName); !copy.ok()) return copy.status();
  Tell(*source, "backed up to", backup, out);
  return absl::OkStatus();
}

absl::Status RestoreLog(const std::string& backup, const std::string& directory, std::ostream& out) {
  const auto from = DataDirectory::Open(backup, /*read_only=*/true);
  if (!from.ok()) return from.status();
  if (!from->Has(kBackupName))
    return absl::NotFoundError(absl::StrCat(backup, " holds no whole backup: ", kBackupName, " is missing"));
  const auto source = OpenSource(*from, kBackupName);
  if (!source.ok()) return source.status();
  const auto to = OpenTarget(directory);
  if (!to.ok()) return to.status();
  stored::v1::Mark mark = source->mark;
  mark.set_epoch(NewRandomId());
  mark.set_may_lag(false);
  if (absl::Status status = CopyInto(*source, mark, *to, kMarkName); !status.ok()) return status;
  if (const auto copy = OpenSource(*to, kMarkName); !copy.ok()) return copy.status();
  Tell(*source, "restored into", directory, out);
  out << "it begins epoch " << mark.epoch() << '\n';
  return absl::OkStatus();
}

}  // namespace demarche::log
