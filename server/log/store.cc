#include "server/log/store.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/metadata.h"
#include "rocksdb/table.h"

namespace demarche::log {
namespace {

// The default column family must be there; it is the first table.
constexpr std::string_view kNames[kTableCount] = {"default", "seals", "records", "texts", "events", "items"};

constexpr size_t kBlockCacheBytes = 64 << 20;
constexpr double kBloomBitsPerKey = 10;
constexpr double kMemtableBloomShare = 0.02;  // of the write buffer
constexpr int kOpenFiles = 512;
constexpr int kKeptInfoLogs = 4;
// Bounds what a compaction needs beside what is there, so that the free-space watermark covers it.
constexpr uint64_t kCompactionBytes = 64 << 20;

rocksdb::DBOptions DatabaseOptions(Store::Mode mode, const Store::Options& wanted) {
  rocksdb::DBOptions options;
  if (wanted.env != nullptr) options.env = wanted.env;
  options.create_if_missing = options.create_missing_column_families = mode == Store::Mode::kCreate;
  // Stops at a damaged entry; what is cut off or missing, the mark tells.
  const bool is_salvage = mode == Store::Mode::kSalvage;
  options.wal_recovery_mode =
      is_salvage ? rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords : rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = !is_salvage;
  options.verify_sst_unique_id_in_manifest = true;
  options.paranoid_checks = true;
  // All tables reach the same batch, so a lost write-ahead log leaves a prefix of batches and not a mixture.
  options.atomic_flush = true;
  options.db_write_buffer_size = wanted.write_buffer_bytes;
  // A reader holds all files: a server that is at work may take them away.
  options.max_open_files = mode == Store::Mode::kRead ? -1 : kOpenFiles;
  options.max_background_jobs = 2;
  options.keep_log_file_num = kKeptInfoLogs;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  return options;
}

rocksdb::ColumnFamilyOptions TableOptions(size_t write_buffer_bytes, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = write_buffer_bytes;
  // Most ids that are looked up are new.
  options.memtable_prefix_bloom_size_ratio = kMemtableBloomShare;
  options.memtable_whole_key_filtering = true;
  options.max_compaction_bytes = kCompactionBytes;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> Descriptors(Store::Mode mode, const Store::Options& wanted) {
  std::vector<rocksdb::ColumnFamilyDescriptor> tables;
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  for (std::string_view name : kNames) {
    tables.emplace_back(std::string(name), TableOptions(wanted.write_buffer_bytes, cache));
    // A file that is damaged must not be replaced by what is left of it.
    tables.back().options.disable_auto_compactions = mode == Store::Mode::kSalvage;
  }
  return tables;
}

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string_view NameOf(Table table) { return kNames[static_cast<int>(table)]; }

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& path, Mode mode, const Options& wanted) {
  std::unique_ptr<Store> store(new Store(path));
  const rocksdb::DBOptions options = DatabaseOptions(mode, wanted);
  const std::vector<rocksdb::ColumnFamilyDescriptor> tables = Descriptors(mode, wanted);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = mode == Mode::kRead ? rocksdb::DB::OpenForReadOnly(options, path, tables, &handles, &db)
                                                     : rocksdb::DB::Open(options, path, tables, &handles, &db);
  if (!status.ok()) return store->Convert(status);
  store->db_.reset(db);
  for (int i = 0; i < kTableCount; ++i) store->handles_[i] = handles[i];
  return store;
}

absl::Status Store::MendFileList(const std::string& path) {
  const Options wanted;
  return Store(path).Convert(rocksdb::RepairDB(path, DatabaseOptions(Mode::kSalvage, wanted), Descriptors(Mode::kSalvage, wanted)));
}

Store::~Store() {
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle);
  }
}

absl::Status Store::Convert(const rocksdb::Status& status) const {
  if (status.ok()) return absl::OkStatus();
  const std::string message = absl::StrCat(path_, ": ", status.ToString());
  if (status.IsNotFound()) return absl::NotFoundError(message);
  if (status.IsNoSpace()) return absl::UnavailableError(absl::StrCat("storage full: ", message));
  if (status.IsBusy() || status.IsTryAgain() || status.IsTimedOut()) return absl::UnavailableError(message);
  return absl::DataLossError(message);
}

absl::StatusOr<std::string> Store::Get(Table table, std::string_view key, const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status = db_->Get(options, handle(table), ToSlice(key), &value);
  if (!status.ok()) return Convert(status);
  return value;
}

std::unique_ptr<rocksdb::Iterator> Store::NewIterator(Table table, const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, handle(table)));
}

absl::Status Store::CheckEnd(const rocksdb::Iterator& iterator) const { return Convert(iterator.status()); }

void Store::Put(rocksdb::WriteBatch& batch, Table table, std::string_view key, std::string_view value) const {
  batch.Put(handle(table), ToSlice(key), ToSlice(value));
}

void Store::Delete(rocksdb::WriteBatch& batch, Table table, std::string_view key) const {
  batch.Delete(handle(table), ToSlice(key));
}

void Store::DeleteRange(rocksdb::WriteBatch& batch, Table table, std::string_view begin, std::string_view end) const {
  batch.DeleteRange(handle(table), ToSlice(begin), ToSlice(end));
}

absl::Status Store::Write(rocksdb::WriteBatch& batch, bool sync) {
  rocksdb::WriteOptions options;
  options.sync = sync;
  return Convert(db_->Write(options, &batch));
}

absl::Status Store::Sync() { return Convert(db_->SyncWAL()); }

absl::Status Store::Compact(Table table, std::string_view end) {
  const rocksdb::Slice last = ToSlice(end);
  return Convert(db_->CompactRange(rocksdb::CompactRangeOptions(), handle(table), nullptr, &last));
}

absl::Status Store::Flush() {
  rocksdb::FlushOptions options;
  options.allow_write_stall = true;
  return Convert(db_->Flush(options, {handles_.begin(), handles_.end()}));
}

uint64_t Store::OldestSnapshot() const {
  uint64_t sequence = 0;
  // Nought when there is none.
  db_->GetIntProperty(rocksdb::DB::Properties::kOldestSnapshotSequence, &sequence);
  return sequence == 0 ? std::numeric_limits<uint64_t>::max() : sequence;
}

absl::Status Store::Rewrite(Table table, std::vector<Stretch> stretches) {
  rocksdb::CompactRangeOptions options;
  // The last level too: a file there may hold two versions of a row, because the older was being read when it was written.
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  std::sort(stretches.begin(), stretches.end(), [](const Stretch& a, const Stretch& b) { return a.begin < b.begin; });
  for (size_t i = 0; i < stretches.size();) {
    // What lies in the same files goes with it, so that none is written twice.
    Stretch stretch = std::move(stretches[i]);
    while (++i < stretches.size() && stretches[i].begin <= EndOfFiles(table, stretch)) {
      stretch.end = std::max(stretch.end, stretches[i].end);
    }
    const rocksdb::Slice begin = ToSlice(stretch.begin);
    const rocksdb::Slice end = ToSlice(stretch.end);
    if (absl::Status status = Convert(db_->CompactRange(options, handle(table), &begin, &end)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// The last key of the files of the last level that hold keys of the stretch; its own end when that is later.
std::string Store::EndOfFiles(Table table, const Stretch& stretch) const {
  rocksdb::ColumnFamilyMetaData tables;
  db_->GetColumnFamilyMetaData(handle(table), &tables);
  std::string end = stretch.end;
  const auto last =
      std::find_if(tables.levels.rbegin(), tables.levels.rend(), [](const auto& level) { return !level.files.empty(); });
  if (last == tables.levels.rend() || last->level == 0) return end;
  for (const rocksdb::SstFileMetaData& file : last->files) {
    if (file.smallestkey <= stretch.end && file.largestkey >= stretch.begin) end = std::max(end, file.largestkey);
  }
  return end;
}

absl::Status Store::VerifyFiles() const { return Convert(db_->VerifyChecksum()); }

}  // namespace demarche::log
