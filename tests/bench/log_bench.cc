// What the log costs over bare RocksDB: durable appends against the same batches written as they are, and reading through the log
// against iterating over the same rows. Both run in turn, five times; medians. Prints a table and writes build/bench/log.json, or
// the file named by the first argument. DEMARCHE_BENCH_DIR chooses the disk (the working directory; some systems keep /tmp in
// memory).

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/log/rocksdb_log.h"
#include "server/log/stamp.h"
#include "server/log/tables.h"
#include "tests/support/records.h"

namespace demarche::log {
namespace {

namespace fs = std::filesystem;

constexpr int kRounds = 5;
constexpr int kBatches = 400;
constexpr int kReadRecords = 100'000;
constexpr int kFillBatch = 500;
constexpr size_t kReadBytes = 256 << 10;
constexpr size_t kFrameBytes = 386;
constexpr size_t kTextBytes = 4'000;

struct Cost {
  double records_per_second = 0;
  double cpu_us_per_record = 0;
};

struct Row {
  std::string name;
  Cost bare;
  Cost log;
  double wanted = 0;

  double ratio() const { return log.records_per_second / bare.records_per_second; }
  double cpu_ratio() const { return bare.cpu_us_per_record / log.cpu_us_per_record; }
};

[[noreturn]] void Fail(const absl::Status& status) {
  std::cerr << "log_bench: " << status << '\n';
  std::exit(1);
}

// Of all threads.
double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Cost Measure(int records, const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu = CpuSeconds();
  work();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return {records / wall.count(), 1e6 * (CpuSeconds() - cpu) / records};
}

Cost Median(std::vector<Cost> costs) {
  const auto middle = [&](double Cost::*member) {
    std::sort(costs.begin(), costs.end(), [&](const Cost& a, const Cost& b) { return a.*member < b.*member; });
    return costs[costs.size() / 2].*member;
  };
  return {middle(&Cost::records_per_second), middle(&Cost::cpu_us_per_record)};
}

std::string Scratch(const std::string& name) {
  const char* root = std::getenv("DEMARCHE_BENCH_DIR");
  const std::string path = absl::StrCat(root == nullptr ? "." : root, "/log_bench_", getpid(), "_", name);
  fs::remove_all(path);
  return path;
}

std::vector<stored::v1::Record> Batch(int size, int& next, size_t text_bytes) {
  std::vector<stored::v1::Record> records;
  for (int i = 0; i < size; ++i, ++next) {
    const std::string id = absl::StrCat(next);
    records.push_back(support::MakeRecord(id, {support::MakeEvent(absl::StrCat("e", id), 1, std::string(kFrameBytes, 'f'))},
                                          std::string(text_bytes, 't')));
  }
  return records;
}

std::unique_ptr<RocksDbLog> OpenLog(const std::string& path, std::chrono::milliseconds sync_interval) {
  RocksDbLog::Options options;
  options.directory = path;
  options.sync_interval = sync_interval;
  auto log = RocksDbLog::Open(options);
  if (!log.ok()) Fail(log.status());
  return *std::move(log);
}

// Everything that stands ready is appended at once, as ingest does, so `in_flight` items make a batch.
Cost AppendToLog(int in_flight, size_t text_bytes) {
  const std::string path = Scratch("log");
  const auto log = OpenLog(path, std::chrono::milliseconds(0));
  std::vector<std::vector<stored::v1::Record>> batches;
  for (int i = 0, next = 0; i < kBatches; ++i) batches.push_back(Batch(in_flight, next, text_bytes));
  const Cost cost = Measure(in_flight * kBatches, [&] {
    for (auto& batch : batches) {
      if (absl::Status status = log->Append(batch); !status.ok()) Fail(status);
    }
  });
  fs::remove_all(path);
  return cost;
}

// The rows of the same records, in batches that were made before.
Cost AppendBare(int in_flight, size_t text_bytes) {
  const std::string path = Scratch("bare");
  auto store = Store::Open(path, Store::Mode::kCreate, {});
  if (!store.ok()) Fail(store.status());
  std::vector<rocksdb::WriteBatch> batches(kBatches);
  stored::v1::BatchSeal seal;
  int next = 0;
  for (rocksdb::WriteBatch& batch : batches) {
    std::vector<stored::v1::Record> records = Batch(in_flight, next, text_bytes);
    Stamp(records, seal.last_position(), SystemTimeUs());
    for (stored::v1::Record& record : records) PutRecord(**store, record, seal, batch);
    seal.set_number(seal.number() + 1);
    PutSeal(**store, seal, batch);
  }
  const Cost cost = Measure(in_flight * kBatches, [&] {
    for (rocksdb::WriteBatch& batch : batches) {
      if (absl::Status status = (*store)->Write(batch, /*sync=*/true); !status.ok()) Fail(status);
    }
  });
  store->reset();
  fs::remove_all(path);
  return cost;
}

Row CompareAppends(int in_flight, size_t text_bytes, double wanted) {
  std::vector<Cost> bare;
  std::vector<Cost> log;
  for (int round = 0; round < kRounds; ++round) {
    bare.push_back(AppendBare(in_flight, text_bytes));
    log.push_back(AppendToLog(in_flight, text_bytes));
  }
  return {absl::StrCat("append, ", in_flight, " in flight, texts of ", text_bytes, " bytes"), Median(bare), Median(log), wanted};
}

Cost ReadLog(const RocksDbLog& log) {
  return Measure(kReadRecords, [&] {
    const uint64_t end = log.info().last_position;
    for (uint64_t after = 0; after < end;) {
      const auto records = log.Read(after, kReadBytes);
      if (!records.ok()) Fail(records.status());
      after = records->back()->last_position();
    }
  });
}

Cost ReadBare(const Store& store) {
  size_t bytes = 0;
  const Cost cost = Measure(kReadRecords, [&] {
    const auto iterator = store.NewIterator(Table::kRecords, nullptr);
    for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) bytes += iterator->value().size();
    if (absl::Status status = store.CheckEnd(*iterator); !status.ok()) Fail(status);
  });
  if (bytes < kReadRecords * kFrameBytes) Fail(absl::InternalError("not everything was read"));
  return cost;
}

Row CompareReads(double wanted) {
  const std::string path = Scratch("read");
  {
    const auto log = OpenLog(path, std::chrono::seconds(1));
    for (int next = 0; next < kReadRecords;) {
      std::vector<stored::v1::Record> records = Batch(kFillBatch, next, 0);
      if (absl::Status status = log->Append(records); !status.ok()) Fail(status);
    }
  }
  std::vector<Cost> bare;
  std::vector<Cost> read;
  for (int round = 0; round < kRounds; ++round) {
    {
      const auto store = Store::Open(path + "/db", Store::Mode::kRead, {});
      if (!store.ok()) Fail(store.status());
      bare.push_back(ReadBare(**store));
    }
    read.push_back(ReadLog(*OpenLog(path, std::chrono::milliseconds(0))));
  }
  fs::remove_all(path);
  return {"catch-up read", Median(bare), Median(read), wanted};
}

void Print(const std::vector<Row>& rows) {
  std::cout << absl::StrFormat("%-45s %12s %12s %7s %7s %10s %10s\n", "medians of 5, interleaved", "bare rec/s", "log rec/s",
                               "ratio", "wanted", "bare us/r", "log us/r");
  for (const Row& row : rows) {
    std::cout << absl::StrFormat("%-45s %12.0f %12.0f %7.2f %7.2f %10.2f %10.2f\n", row.name, row.bare.records_per_second,
                                 row.log.records_per_second, row.ratio(), row.wanted, row.bare.cpu_us_per_record,
                                 row.log.cpu_us_per_record);
  }
  std::cout << "us/r: CPU time of all threads, microseconds a record\n";
}

void WriteJson(const std::vector<Row>& rows, const fs::path& path) {
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  std::ofstream out(path);
  const auto cost = [](const Cost& c) {
    return absl::StrFormat(R"({"recordsPerSecond": %.0f, "cpuUsPerRecord": %.3f})", c.records_per_second, c.cpu_us_per_record);
  };
  out << "[\n";
  for (const Row& row : rows) {
    out << absl::StrFormat(R"(  {"name": "%s", "bare": %s, "log": %s, "ratio": %.3f, "cpuRatio": %.3f, "wanted": %.2f})", row.name,
                           cost(row.bare), cost(row.log), row.ratio(), row.cpu_ratio(), row.wanted)
        << (&row == &rows.back() ? "\n" : ",\n");
  }
  out << "]\n";
}

}  // namespace
}  // namespace demarche::log

int main(int argc, char** argv) {
  using demarche::log::CompareAppends;
  std::vector<demarche::log::Row> rows;
  rows.push_back(CompareAppends(16, 0, 0.5));
  rows.push_back(CompareAppends(64, 0, 0.6));
  rows.push_back(CompareAppends(16, demarche::log::kTextBytes, 0.5));
  rows.push_back(CompareAppends(64, demarche::log::kTextBytes, 0.6));
  rows.push_back(demarche::log::CompareReads(0.5));
  demarche::log::Print(rows);
  demarche::log::WriteJson(rows, argc > 1 ? argv[1] : "build/bench/log.json");
}
