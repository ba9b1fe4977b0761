#ifndef DEMARCHE_SERVER_LOG_STORE_H_
#define DEMARCHE_SERVER_LOG_STORE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/db.h"

namespace demarche::log {

inline std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// The subdirectory of the data directory that holds the store.
inline constexpr char kStoreName[] = "db";

// The tables of the log, each a column family. Keys and values: FORMAT.md.
enum class Table { kMeta, kSeals, kRecords, kTexts, kEvents, kItems };
inline constexpr int kTableCount = 6;
std::string_view NameOf(Table table);

// The RocksDB database that holds the tables. Thread safe as RocksDB is. Iterators and snapshots end before it does.
class Store {
 public:
  // kRead changes no file. kSalvage, for a copy, passes over what is damaged in the write-ahead log and makes table files of the
  // rest.
  enum class Mode { kCreate, kWrite, kRead, kSalvage };
  struct Options {
    size_t write_buffer_bytes = 32 << 20;  // kept in memory before it goes from the write-ahead log into tables
    rocksdb::Env* env = nullptr;           // another file system, for tests; outlives the store
  };

  // DATA_LOSS when something is damaged or missing.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& path, Mode mode, const Options& wanted);
  ~Store();
  // Makes the list of files anew from the files that are there. What is in the write-ahead log becomes a table file.
  static absl::Status MendFileList(const std::string& path);

  const std::string& path() const { return path_; }

  // NOT_FOUND when there is no such key. A null snapshot reads what is newest.
  absl::StatusOr<std::string> Get(Table table, std::string_view key, const rocksdb::Snapshot* snapshot) const;
  // Its end is an error unless CheckEnd says that it is one.
  std::unique_ptr<rocksdb::Iterator> NewIterator(Table table, const rocksdb::Snapshot* snapshot) const;
  absl::Status CheckEnd(const rocksdb::Iterator& iterator) const;

  void Put(rocksdb::WriteBatch& batch, Table table, std::string_view key, std::string_view value) const;
  void Delete(rocksdb::WriteBatch& batch, Table table, std::string_view key) const;
  // The keys from `begin` to the one before `end`.
  void DeleteRange(rocksdb::WriteBatch& batch, Table table, std::string_view begin, std::string_view end) const;
  // All or nothing. With `sync` returns when it is on the disk.
  absl::Status Write(rocksdb::WriteBatch& batch, bool sync);
  // Returns when everything written before is on the disk.
  absl::Status Sync();

  // Everything written before goes from the write-ahead log, whose file is removed, into table files.
  absl::Status Flush();
  // The sequence number of the oldest snapshot that is held; the largest number when there is none.
  uint64_t OldestSnapshot() const;
  // Keys from `begin` to `end`, both included.
  struct Stretch {
    std::string begin;
    std::string end;
  };
  // Writes the table files there anew, so that they hold only what is there to be read.
  absl::Status Rewrite(Table table, std::vector<Stretch> stretches);
  // Gives back the space of deleted keys up to `end`.
  absl::Status Compact(Table table, std::string_view end);

  // Reads all table files and compares their checksums.
  absl::Status VerifyFiles() const;

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* handle(Table table) const { return handles_[static_cast<int>(table)]; }

 private:
  explicit Store(std::string path) : path_(std::move(path)) {}
  absl::Status Convert(const rocksdb::Status& status) const;
  std::string EndOfFiles(Table table, const Stretch& stretch) const;

  const std::string path_;
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kTableCount> handles_ = {};
};

}  // namespace demarche::log

#endif  // DEMARCHE_SERVER_LOG_STORE_H_
