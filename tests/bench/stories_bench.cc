// What the stages that remember cost when their windows are full, on the embedded log: microseconds an item of dedup and of
// stories, and bytes in memory an item and an event, at 10^4, 10^5 and 10^6 items and events; beside it, in the same run, what one
// read of an event's row from RocksDB takes. All times are processor time of the one thread; medians of five rounds. Prints a table
// and writes build/bench/stories.json. Arguments: the sizes. DEMARCHE_BENCH_DIR chooses the disk (the working directory; some
// systems keep /tmp in memory).

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "pipeline/dedup/dedup.h"
#include "pipeline/run/memory.h"
#include "pipeline/stories/stories.h"
#include "server/log/rocksdb_log.h"
#include "server/record/record.h"
#include "tests/bench/newswire.h"
#include "tests/support/newsroom.h"

namespace demarche::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kRounds = 5;
constexpr size_t kRoundItems = 2'000;
constexpr size_t kGroup = 64;     // items in one append
constexpr double kFilled = 1.05;  // windows, before it is measured
constexpr int64_t kWindowSeconds = 7 * 86'400;
constexpr uint32_t kSeed = 7;

// Microseconds an item.
struct Cost {
  double prints = 0;  // digests, in the workers
  double dedup = 0;
  double stories = 0;
  double records = 0;   // of the rows and revisions that they leave
  double append = 0;    // in the appending thread; RocksDB has others
  double row_read = 0;  // of one
};
constexpr double Cost::*kCosts[] = {&Cost::prints, &Cost::dedup, &Cost::stories, &Cost::records, &Cost::append, &Cost::row_read};

struct Row {
  size_t size = 0;
  Cost cost;
  double events_per_item = 0;    // told
  double reports_per_event = 0;  // told of one event
  double bytes_per_item = 0;
  double bytes_per_event = 0;
};

[[noreturn]] void Fail(const absl::Status& status) {
  std::cerr << "stories_bench: " << status << '\n';
  std::exit(1);
}

template <typename T>
T OrFail(absl::StatusOr<T> value) {
  if (!value.ok()) Fail(value.status());
  return *std::move(value);
}

// Processor time of this thread so far.
double Now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e6 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_nsec);
}

Cost Median(std::vector<Cost> costs) {
  Cost median;
  for (const auto member : kCosts) {
    std::sort(costs.begin(), costs.end(), [&](const Cost& a, const Cost& b) { return a.*member < b.*member; });
    median.*member = costs[costs.size() / 2].*member;
  }
  return median;
}

// Full windows of items and events on the disk, and what comes after.
class Bench {
 public:
  explicit Bench(size_t size) : size_(size), path_(Scratch(size)), wire_(kSeed, size, kWindowSeconds), twin_(WindowOf(size)) {
    log::RocksDbLog::Options options;
    options.directory = path_;
    options.sync_interval = std::chrono::seconds(1);
    log_ = OrFail(log::RocksDbLog::Open(options));
    memory_ = OrFail(run::Memory::Open(*log_, {WindowOf(size), size}));
    twin_changes_ = std::make_unique<stage::StateChanges>(*log_);
  }
  ~Bench() {
    memory_.reset();
    log_.reset();
    fs::remove_all(path_);
  }

  Row Run() {
    Cost ignored;
    const auto filled = static_cast<size_t>(kFilled * static_cast<double>(size_));
    while (items_ < filled || founded_ < filled) {
      std::vector<CodedItem> items = Make(kGroup);
      std::vector<stored::v1::Record> records;
      Publish(items, records, ignored);
    }
    std::vector<Cost> rounds;
    for (int i = 0; i < kRounds; ++i) rounds.push_back(MeasureRound());
    memory_.reset();
    return {.size = size_,
            .cost = Median(std::move(rounds)),
            .events_per_item = static_cast<double>(told_) / static_cast<double>(items_),
            .reports_per_event = static_cast<double>(told_) / static_cast<double>(founded_),
            .bytes_per_item = BytesIn([this] { return std::make_unique<dedup::Dedup>(WindowOf(size_)); }),
            .bytes_per_event = BytesIn([this] { return std::make_unique<stories::Stories>(size_); })};
  }

 private:
  static dedup::Window WindowOf(size_t size) { return {.max_items = size, .max_seconds = kWindowSeconds}; }
  static std::string Scratch(size_t size) {
    const char* root = std::getenv("DEMARCHE_BENCH_DIR");
    std::string path = absl::StrCat(root == nullptr ? "." : root, "/stories_bench_", getpid(), "_", size);
    fs::remove_all(path);
    return path;
  }

  std::vector<CodedItem> Make(size_t count) {
    std::vector<CodedItem> items;
    for (size_t i = 0; i < count; ++i) items.push_back(wire_.Next());
    return items;
  }

  // A group of items as the committer takes it, and adds what it took. Dedup is measured alone, in a second one that sees the same
  // items; so that neither always finds what the other has read, they go first by turns. Nothing that was made for the benchmark is
  // freed meanwhile: to put it in order would take whoever allocates next most of his time.
  void Publish(std::vector<CodedItem>& items, std::vector<stored::v1::Record>& records, Cost& cost) {
    const bool is_twin_first = ++groups_ % 2 == 0;
    const double dedup = is_twin_first ? RunTwin(items) : 0;
    const double start = Now();
    std::vector<run::Remembered> remembered;
    records.resize(items.size());
    double rows = 0;
    for (size_t i = 0; i < items.size(); ++i) {
      told_ += items[i].coded.events.size();
      remembered.push_back(OrFail(memory_->Remember(items[i].item, items[i].coded)));
      const double rows_start = Now();
      memory_->changes().AddItemTo(records[i]);
      rows += Now() - rows_start;
    }
    const double remember = Now() - start - rows;
    const double records_start = Now();
    for (size_t i = 0; i < items.size(); ++i) MakeRecord(items[i].item, remembered[i], records[i]);
    cost.records += rows + Now() - records_start;
    if (is_twin_first) {
      cost.dedup += 2 * dedup;
    } else {
      cost.stories += 2 * remember;
      RunTwin(items);
    }
    items_ += items.size();
    const double append_start = Now();
    if (absl::Status status = log_->Append(records); !status.ok()) Fail(status);
    cost.append += Now() - append_start;
    const double committed_start = Now();
    memory_->changes().Committed();
    cost.records += Now() - committed_start;
    twin_changes_->Committed();
  }

  double RunTwin(const std::vector<CodedItem>& items) {
    const double start = Now();
    for (const CodedItem& made : items) {
      twin_changes_->BeginItem();
      const auto original = OrFail(twin_.FindOriginal(made.item, made.coded.print, *twin_changes_));
      if (original && original->is_exact) continue;
      twin_.Add(made.item, made.coded.print, {}, *twin_changes_);
    }
    return Now() - start;
  }

  void MakeRecord(const v1::NewsItem& item, const run::Remembered& remembered, stored::v1::Record& record) {
    record.mutable_item()->set_publisher(item.publisher());
    record.mutable_item()->set_news_item_id(item.news_item_id());
    for (const stories::EventChange& change : remembered.changes) {
      *record.add_events() = record::MakeStoredEvent(*change.event, change.before.get());
      founded_ += change.before == nullptr;
    }
  }

  Cost MeasureRound() {
    std::vector<std::vector<CodedItem>> groups;
    for (size_t i = 0; i < kRoundItems; i += kGroup) groups.push_back(Make(kGroup));
    Cost cost;
    uint64_t digests = 0;
    const double start = Now();
    for (const auto& group : groups) {
      for (const CodedItem& made : group) digests ^= testing_support::PrintOf(made.item).exact;
    }
    cost.prints = Now() - start;
    if (digests == 0) Fail(absl::InternalError("no digests"));
    std::vector<std::vector<stored::v1::Record>> records(groups.size());
    for (size_t i = 0; i < groups.size(); ++i) Publish(groups[i], records[i], cost);
    for (const auto member : kCosts) cost.*member /= static_cast<double>(groups.size() * kGroup);
    cost.stories -= cost.dedup;
    cost.row_read = ReadRows();
    return cost;
  }

  // Rows of events from all over the window, one by one.
  double ReadRows() {
    std::vector<std::string> keys;
    for (size_t i = 0; i < kRoundItems; ++i) keys.push_back(stage::KeyOf('e', founded_ - random_() % std::min(founded_, size_)));
    size_t bytes = 0;
    const double start = Now();
    for (const std::string& key : keys) bytes += OrFail(log_->FindState(key)).size();
    const double microseconds = Now() - start;
    if (bytes == 0) Fail(absl::InternalError("empty rows"));
    return microseconds / static_cast<double>(keys.size());
  }

  // What is in memory of each thing in a full window. Twice, so that the caches of the log stay as they are when it is measured.
  template <typename Make>
  double BytesIn(const Make& make) {
    double bytes = 0;
    for (int i = 0; i < 2; ++i) {
      const size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
      const auto part = make();
      if (absl::Status status = part->Load(*log_); !status.ok()) Fail(status);
      bytes = static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd - before);
    }
    return bytes / static_cast<double>(size_);
  }

  const size_t size_;
  const std::string path_;
  Newswire wire_;
  std::unique_ptr<log::RocksDbLog> log_;
  std::unique_ptr<run::Memory> memory_;
  dedup::Dedup twin_;
  std::unique_ptr<stage::StateChanges> twin_changes_;
  std::mt19937_64 random_{kSeed};
  size_t groups_ = 0;
  size_t items_ = 0;
  size_t told_ = 0;
  size_t founded_ = 0;
};

constexpr const char* kNames[] = {"prints", "dedup", "stories", "records", "append", "rowRead"};

void Print(const Row& row) {
  std::cout << absl::StrFormat("%9d", row.size);
  for (const auto member : kCosts) std::cout << absl::StrFormat(" %11.2f", row.cost.*member);
  std::cout << absl::StrFormat(" %11.0f %11.0f %11.2f %11.2f\n", row.bytes_per_item, row.bytes_per_event, row.events_per_item,
                               row.reports_per_event)
            << std::flush;
}

void WriteJson(const std::vector<Row>& rows, const fs::path& path) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path);
  out << "[\n";
  for (const Row& row : rows) {
    out << absl::StrFormat(R"(  {"window": %d, "microseconds": {)", row.size);
    for (size_t i = 0; i < std::size(kCosts); ++i) {
      out << absl::StrFormat(R"(%s"%s": %.3f)", i == 0 ? "" : ", ", kNames[i], row.cost.*kCosts[i]);
    }
    out << absl::StrFormat(R"(}, "bytesPerItem": %.1f, "bytesPerEvent": %.1f, "eventsPerItem": %.2f, "reportsPerEvent": %.2f})",
                           row.bytes_per_item, row.bytes_per_event, row.events_per_item, row.reports_per_event)
        << (&row == &rows.back() ? "\n" : ",\n");
  }
  out << "]\n";
}

void Main(const std::vector<size_t>& sizes) {
  std::cout << absl::StrFormat("%9s", "window");
  for (const char* name : kNames) std::cout << absl::StrFormat(" %11s", name);
  std::cout << absl::StrFormat(" %11s %11s %11s %11s\n", "bytes/item", "bytes/event", "events/item", "reports/ev.");
  std::vector<Row> rows;
  for (const size_t size : sizes) {
    rows.push_back(Bench(size).Run());
    Print(rows.back());
  }
  std::cout
      << "microseconds an item, rowRead: of one read; wanted at 1000000: dedup + stories <= 60, bytes/item <= 200, bytes/event "
         "<= 160\n";
  WriteJson(rows, "build/bench/stories.json");
}

}  // namespace
}  // namespace demarche::bench

int main(int argc, char** argv) {
  std::vector<size_t> sizes;
  for (int i = 1; i < argc; ++i) {
    if (!absl::SimpleAtoi(argv[i], &sizes.emplace_back()) || sizes.back() == 0) {
      std::cerr << "stories_bench: '" << argv[i] << "' is no number of items\n";
      return 2;
    }
  }
  if (sizes.empty()) sizes = {10'000, 100'000, 1'000'000};
  demarche::bench::Main(sizes);
}
