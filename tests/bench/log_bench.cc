// What the log costs: appends against bare RocksDB batches of the same rows, and reading. Items a second are records a second.
// DEMARCHE_BENCH_DIR chooses the disk (default: the working directory, because /tmp may be memory).

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "server/log/keys.h"
#include "server/log/rocksdb_log.h"
#include "tests/support/records.h"

namespace demarche::log {
namespace {

constexpr size_t kTextBytes = 4'000;
constexpr size_t kFrameBytes = 386;
constexpr int kReadRecords = 20'000;
constexpr size_t kReadBytes = 256 << 10;

// A directory for one benchmark, on the disk that is measured.
class Scratch {
 public:
  Scratch() {
    const char* root = std::getenv("DEMARCHE_BENCH_DIR");
    path_ = absl::StrCat(root == nullptr ? "." : root, "/log_bench_", getpid());
    std::filesystem::remove_all(path_);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::vector<stored::v1::Record> Batch(int64_t size, uint64_t& next, size_t text_bytes) {
  std::vector<stored::v1::Record> records;
  for (int64_t i = 0; i < size; ++i, ++next) {
    const std::string id = absl::StrCat(next);
    records.push_back(support::MakeRecord(id, {support::MakeEvent(absl::StrCat("e", id), 1, std::string(kFrameBytes, 'f'))},
                                          std::string(text_bytes, 't')));
  }
  return records;
}

std::unique_ptr<RocksDbLog> OpenLog(const Scratch& scratch, int64_t sync_interval_ms) {
  RocksDbLog::Options options;
  options.directory = scratch.path();
  options.sync_interval = std::chrono::milliseconds(sync_interval_ms);
  auto log = RocksDbLog::Open(options);
  if (log.ok()) return *std::move(log);
  std::cerr << log.status() << '\n';
  std::exit(1);
}

void Append(benchmark::State& state, int64_t sync_interval_ms) {
  const Scratch scratch;
  const auto log = OpenLog(scratch, sync_interval_ms);
  uint64_t next = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<stored::v1::Record> records = Batch(state.range(0), next, static_cast<size_t>(state.range(1)));
    state.ResumeTiming();
    if (!log->Append(records).ok()) state.SkipWithError("append failed");
  }
  state.SetItemsProcessed(static_cast<int64_t>(next));
}

void AppendSynced(benchmark::State& state) { Append(state, 0); }
void AppendAtInterval(benchmark::State& state) { Append(state, 100); }

// The same rows without index, seal or mark: what RocksDB and the disk cost by themselves.
void BareRocksDb(benchmark::State& state) {
  const Scratch scratch;
  std::filesystem::create_directories(scratch.path());
  auto store = Store::Open(absl::StrCat(scratch.path(), "/db"), Store::Mode::kCreate, Store::Options());
  uint64_t next = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const uint64_t first = next;
    const std::vector<stored::v1::Record> records = Batch(state.range(0), next, static_cast<size_t>(state.range(1)));
    std::vector<std::string> rows;
    for (const stored::v1::Record& record : records) rows.push_back(record.SerializeAsString());
    state.ResumeTiming();
    rocksdb::WriteBatch batch;
    for (size_t i = 0; i < rows.size(); ++i) (*store)->Put(batch, Table::kRecords, KeyOfNumber(first + i), rows[i]);
    if (!(*store)->Write(batch, /*sync=*/true).ok()) state.SkipWithError("write failed");
  }
  state.SetItemsProcessed(static_cast<int64_t>(next));
}

void FillForReading(RocksDbLog& log) {
  uint64_t next = 0;
  while (next < kReadRecords) {
    std::vector<stored::v1::Record> records = Batch(500, next, kTextBytes);
    if (!log.Append(records).ok()) std::exit(1);
  }
}

void ReadThrough(benchmark::State& state) {
  const Scratch scratch;
  const auto log = OpenLog(scratch, 1'000);
  FillForReading(*log);
  uint64_t after = 0;
  int64_t count = 0;
  for (auto _ : state) {
    const auto records = log->Read(after, kReadBytes);
    if (!records.ok()) state.SkipWithError("read failed");
    count += static_cast<int64_t>(records->size());
    after = records->empty() ? 0 : records->back()->last_position();
  }
  state.SetItemsProcessed(count);
}

void FindOne(benchmark::State& state) {
  const Scratch scratch;
  const auto log = OpenLog(scratch, 1'000);
  FillForReading(*log);
  uint64_t next = 0;
  for (auto _ : state) {
    next = (next + 7'919) % kReadRecords;
    const std::string id = absl::StrCat(next);
    benchmark::DoNotOptimize(log->FindItem({"principal", "publisher", id}));
    benchmark::DoNotOptimize(log->FindEvent(absl::StrCat("e", id)));
  }
  state.SetItemsProcessed(state.iterations());
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"batch", "text"})->ArgsProduct({{1, 16, 256}, {0, kTextBytes}})->UseRealTime();
}

BENCHMARK(BareRocksDb)->Apply(Sizes);
BENCHMARK(AppendSynced)->Apply(Sizes);
BENCHMARK(AppendAtInterval)->Apply(Sizes);
BENCHMARK(ReadThrough);
BENCHMARK(FindOne);

}  // namespace
}  // namespace demarche::log
