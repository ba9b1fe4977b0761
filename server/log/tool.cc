#include "server/log/tool.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "pipeline/document/hash.h"
#include "pipeline/document/strings.h"
#include "server/log/data_directory.h"
#include "server/log/keys.h"
#include "server/log/mark_file.h"
#include "server/log/stamp.h"
#include "server/log/store.h"
#include "server/log/tables.h"
#include "server/log/verify.h"

namespace demarche::log {
namespace {

// The parts of a log, opened one by one so that a damaged one does not hide the others. The lock outlives the store.
struct Parts {
  DataDirectory directory;
  absl::StatusOr<MarkFile> mark;
  absl::StatusOr<std::unique_ptr<Store>> store;
};

absl::StatusOr<Parts> OpenParts(const std::string& path) {
  auto directory = DataDirectory::Open(path, /*read_only=*/true);
  if (!directory.ok()) return directory.status();
  if (!directory->Has(kMarkName) && !directory->Has(kStoreName)) return absl::NotFoundError(absl::StrCat(path, " holds no log"));
  auto mark = MarkFile::Open(*directory, /*read_only=*/true);
  auto store = Store::Open(directory->PathOf(kStoreName), Store::Mode::kRead, {});
  return Parts{*std::move(directory), std::move(mark), std::move(store)};
}

class Printer {
 public:
  explicit Printer(std::ostream& out) : out_(out) {}

  template <typename... Values>
  void Line(std::string_view name, const Values&... values) {
    std::string label(name);
    label.resize(kLabelWidth, ' ');
    out_ << label << absl::StrCat(values...) << '\n';
  }

 private:
  static constexpr size_t kLabelWidth = 12;
  std::ostream& out_;
};

std::string Time(int64_t us) { return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::FromUnixMicros(us), absl::UTCTimeZone()); }

void PrintSeal(std::string_view name, const stored::v1::BatchSeal& seal, Printer& print) {
  print.Line(name, "batch ", seal.number(), ", position ", seal.last_position(), ", ", seal.item_count(), " items, ",
             seal.event_count(), " events, chain ", ToHex(seal.chain()).substr(0, 16));
}

absl::Status Verify(const Store& store, const MarkFile& mark, Printer& print) {
  const auto tail = CheckLog(store, mark);
  if (absl::IsNotFound(tail.status())) {
    print.Line("log", "empty");
    return absl::OkStatus();
  }
  if (!tail.ok()) return tail.status();
  print.Line("mark", "everything acknowledged is there, up to position ", mark.mark().seal().last_position());
  if (mark.is_slot_damaged()) print.Line("", "the last write of the mark was cut short; the next append mends it");
  print.Line("files", "all checksums hold");
  PrintSeal("chain", tail->seal, print);
  print.Line("erased", "quotations in ", tail->erased_count, " records, as later records say");
  print.Line("keys", "every record is found by its item and by its events");
  return absl::OkStatus();
}

void PrintTable(const Store& store, Table table, Printer& print) {
  uint64_t rows = 0;
  uint64_t bytes = 0;
  store.db().GetIntProperty(store.handle(table), rocksdb::DB::Properties::kEstimateNumKeys, &rows);
  store.db().GetIntProperty(store.handle(table), rocksdb::DB::Properties::kLiveSstFilesSize, &bytes);
  print.Line(NameOf(table), "about ", rows, " rows, ", bytes, " bytes in table files");
}

absl::Status PrintEnd(RecordCursor& cursor, std::string_view name, Printer& print) {
  if (cursor.is_at_end()) return absl::OkStatus();
  const auto record = cursor.Parse();
  if (!record.ok()) return record.status();
  print.Line(name, "positions ", FirstPosition(**record), " to ", (*record)->last_position(), ", appended ",
             Time((*record)->append_time_us()));
  return absl::OkStatus();
}

absl::Status Inspect(const Store& store, Printer& print) {
  const auto meta = ReadMeta(store);
  if (!meta.ok()) return meta.status();
  print.Line("format", meta->format_version());
  print.Line("log", meta->log_id());
  print.Line("begins", "after position ", meta->base().last_position());
  const auto seal = LastSeal(store, *meta);
  if (!seal.ok()) return seal.status();
  PrintSeal("ends", *seal, print);
  for (int table = 0; table < kTableCount; ++table) PrintTable(store, static_cast<Table>(table), print);
  RecordCursor cursor(store, nullptr);
  if (absl::Status status = cursor.Seek(0); !status.ok()) return status;
  if (absl::Status status = PrintEnd(cursor, "first", print); !status.ok()) return status;
  if (absl::Status status = cursor.SeekToLast(); !status.ok()) return status;
  return PrintEnd(cursor, "last", print);
}

}  // namespace

absl::Status VerifyLog(const std::string& directory, std::ostream& out) {
  Printer print(out);
  const auto parts = OpenParts(directory);
  if (!parts.ok()) return parts.status();
  print.Line("directory", directory);
  if (!parts->mark.ok()) return parts->mark.status();
  if (!parts->store.ok()) return parts->store.status();
  return Verify(**parts->store, *parts->mark, print);
}

absl::Status InspectLog(const std::string& directory, std::ostream& out) {
  Printer print(out);
  const auto parts = OpenParts(directory);
  if (!parts.ok()) return parts.status();
  print.Line("directory", directory);
  if (parts->mark.ok()) {
    print.Line("epoch", parts->mark->mark().epoch());
    PrintSeal("mark", parts->mark->mark().seal(), print);
    if (parts->mark->mark().may_lag()) print.Line("", "synced at intervals and not closed: opening it begins a new epoch");
    if (parts->mark->is_slot_damaged()) print.Line("", "the other slot is damaged");
  } else {
    print.Line("mark", parts->mark.status().message());
  }
  if (!parts->store.ok()) return parts->store.status();
  if (absl::Status status = Inspect(**parts->store, print); !status.ok()) return status;
  return parts->mark.status();
}

}  // namespace demarche::log
