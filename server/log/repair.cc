#include "server/log/repair.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/log/data_directory.h"
#include "server/log/mark_file.h"
#include "server/log/salvage.h"
#include "server/log/stamp.h"
#include "server/log/store.h"
#include "server/log/tables.h"
#include "server/log/tool.h"

namespace demarche::log {
namespace {

namespace fs = std::filesystem;

constexpr char kFreshName[] = "repaired";  // the new store until it takes its place
constexpr char kScratchName[] =
    "salvage";                        // a copy of the damaged one, in which what is in the write-ahead log becomes table files
constexpr char kLostName[] = "lost";  // where RocksDB puts table files that it cannot use

std::string DamagedName(int number) { return absl::StrCat("damaged-", number); }

absl::Status Rename(const DataDirectory& directory, std::string_view from, std::string_view to) {
  std::error_code error;
  fs::rename(directory.PathOf(from), directory.PathOf(to), error);
  if (error) return absl::FailedPreconditionError(absl::StrCat("cannot rename ", directory.PathOf(from), ": ", error.message()));
  return directory.Sync();
}

absl::Status Remove(const DataDirectory& directory, std::string_view name) {
  std::error_code error;
  fs::remove_all(directory.PathOf(name), error);
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("cannot remove ", directory.PathOf(name), ": ", error.message()));
}

// The number that the damaged store is put aside under. When a repair was cut short between its two renames the store is taken
// back.
absl::StatusOr<int> PrepareStore(const DataDirectory& directory) {
  int number = 1;
  while (directory.Has(DamagedName(number))) ++number;
  for (const char* name : {kFreshName, kScratchName}) {
    if (absl::Status status = Remove(directory, name); !status.ok()) return status;
  }
  if (directory.Has(kStoreName) || number == 1) return number;
  if (absl::Status status = Rename(directory, DamagedName(number - 1), kStoreName); !status.ok()) return status;
  return number - 1;
}

// Table files never change, so they are linked; the rest is copied.
absl::Status CopyFiles(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::create_directory(to, error);
  for (const auto& entry : fs::directory_iterator(from, error)) {
    const fs::path target = fs::path(to) / entry.path().filename();
    if (absl::EndsWith(entry.path().native(), ".sst")) {
      fs::create_hard_link(entry.path(), target, error);
    } else {
      fs::copy(entry.path(), target, error);
    }
    if (error) break;
  }
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("cannot copy ", from, " to ", to, ": ", error.message()));
}

absl::StatusOr<Damaged> OpenDamaged(const DataDirectory& directory, std::ostream& out) {
  Damaged damaged;
  if (!directory.Has(kStoreName)) return damaged;
  const std::string scratch = directory.PathOf(kScratchName);
  if (absl::Status status = CopyFiles(directory.PathOf(kStoreName), scratch); !status.ok()) return status;
  damaged.directories = {scratch, absl::StrCat(scratch, "/", kLostName)};
  for (const bool is_mended : {false, true}) {
    if (is_mended) Store::MendFileList(scratch).IgnoreError();
    auto store = Store::Open(scratch, Store::Mode::kSalvage, {});
    if (store.ok()) {
      damaged.store = *std::move(store);
      damaged.is_mended = is_mended;
      break;
    }
    out << "damaged:  " << std::string(store.status().message()) << '\n';
  }
  return damaged;
}

// What is known of the log as a whole; the rest is made up so that nothing is passed over in silence.
stored::v1::LogMeta MetaOf(const Damaged& damaged, const std::optional<stored::v1::Mark>& mark) {
  if (damaged.store != nullptr) {
    if (auto meta = ReadMeta(*damaged.store); meta.ok()) return *std::move(meta);
  }
  stored::v1::LogMeta meta;
  meta.set_format_version(kFormatVersion);
  meta.set_log_id(mark ? mark->log_id() : NewRandomId());
  const auto first = FirstReadable(damaged);
  *meta.mutable_base() = SealBeforeAll(first ? *first - 1 : 0);
  return meta;
}

// The mark of the repaired log.
stored::v1::Mark MarkOf(const absl::StatusOr<MarkFile>& old, const stored::v1::LogMeta& meta, const stored::v1::BatchSeal& seal) {
  stored::v1::Mark mark;
  const bool is_known = old.ok() && !old->is_slot_damaged() && !old->mark().may_lag() && old->mark().log_id() == meta.log_id();
  mark.set_epoch(is_known ? old->mark().epoch() : NewRandomId());
  mark.set_log_id(meta.log_id());
  *mark.mutable_seal() = seal;
  return mark;
}

absl::StatusOr<Salvaged> BuildFresh(const DataDirectory& directory, const Damaged& damaged, const stored::v1::LogMeta& meta,
                                    uint64_t end) {
  if (absl::Status status = directory.MakeSubdirectory(kFreshName); !status.ok()) return status;
  auto fresh = Store::Open(directory.PathOf(kFreshName), Store::Mode::kCreate, {});
  if (!fresh.ok()) return fresh.status();
  rocksdb::WriteBatch batch;
  PutMeta(**fresh, meta, batch);
  if (absl::Status status = (*fresh)->Write(batch, /*sync=*/true); !status.ok()) return status;
  return Salvage(damaged, meta, end, **fresh);
}

void Tell(const Salvaged& salvaged, const stored::v1::Mark& mark, bool is_same_epoch, std::ostream& out) {
  out << "kept:     " << salvaged.records << " records\n";
  for (const Salvaged::Gap& gap : salvaged.gaps) {
    out << "lost:     positions " << gap.after + 1 << " to " << gap.through << "; readers are told of a gap\n";
  }
  out << "epoch:    " << mark.epoch() << (is_same_epoch ? ", as before\n" : ", new\n");
}

}  // namespace

absl::Status RepairLog(const std::string& path, std::ostream& out) {
  std::ostringstream unused;
  absl::Status damage = VerifyLog(path, unused);
  if (damage.ok()) out << "the log is whole: nothing was changed\n";
  if (!absl::IsDataLoss(damage)) return damage;
  out << "damaged:  " << std::string(damage.message()) << '\n';

  const auto directory = DataDirectory::Open(path, /*read_only=*/false);
  if (!directory.ok()) return directory.status();
  const auto number = PrepareStore(*directory);
  if (!number.ok()) return number.status();
  const auto old_mark = MarkFile::Open(*directory, /*read_only=*/true);
  auto damaged = OpenDamaged(*directory, out);
  if (!damaged.ok()) return damaged.status();
  const auto known = old_mark.ok() ? std::make_optional(old_mark->mark()) : std::nullopt;
  const stored::v1::LogMeta meta = MetaOf(*damaged, known);
  const auto salvaged = BuildFresh(*directory, *damaged, meta, known ? known->seal().last_position() : 0);
  if (!salvaged.ok()) return salvaged.status();
  damaged->store.reset();

  const stored::v1::Mark mark = MarkOf(old_mark, meta, salvaged->seal);
  if (directory->Has(kStoreName)) {
    if (absl::Status status = Rename(*directory, kStoreName, DamagedName(*number)); !status.ok()) return status;
    out << "aside:    " << directory->PathOf(DamagedName(*number)) << '\n';
  }
  if (absl::Status status = Rename(*directory, kFreshName, kStoreName); !status.ok()) return status;
  if (absl::Status status = MarkFile::Create(*directory, mark); !status.ok()) return status;
  if (absl::Status status = Remove(*directory, kScratchName); !status.ok()) return status;
  Tell(*salvaged, mark, known && known->epoch() == mark.epoch(), out);
  return absl::OkStatus();
}

}  // namespace demarche::log
