#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/log/erase.h"
#include "server/log/keys.h"
#include "server/log/rocksdb_log.h"
#include "server/log/stamp.h"

// Erasing: first from what is read, then from the files.
namespace demarche::log {
namespace {

// Readers let go of a view within the time of one call.
constexpr std::chrono::seconds kMaxViewAge{30};
constexpr std::chrono::milliseconds kViewPoll{1};

}  // namespace

absl::Status RocksDbLog::Erase(stored::v1::Record& record, const Erasure& erasure) {
  if (absl::Status status = CheckWritable(); !status.ok()) return status;
  if (absl::Status status = CheckRecords({&record, 1}); !status.ok()) return status;
  const absl::MutexLock lock(&writing_);
  rocksdb::WriteBatch batch;
  EraseStep step(*store_, batch);
  if (absl::Status status = step.Plan(erasure, record); !status.ok()) return status;
  return Write({&record, 1}, batch);
}

absl::Status RocksDbLog::Scrub(const stored::v1::ErasedPlaces& places) {
  if (absl::Status status = CheckWritable(); !status.ok()) return status;
  uint64_t base = 0;
  uint64_t sequence = 0;
  {
    const absl::MutexLock lock(&writing_);
    base = meta_.base().last_position();
    sequence = store_->db().GetLatestSequenceNumber();
    Show();
  }
  if (absl::Status status = AwaitNewViews(sequence); !status.ok()) return status;
  // From here on nothing is read as it was before: what is not wanted any more goes when its files are written anew.
  if (absl::Status status = store_->Flush(); !status.ok()) return status;
  std::vector<Store::Stretch> records = {{KeyOfNumber(0), KeyOfNumber(base)}};  // dropped, perhaps a moment ago
  for (const uint64_t position : places.records()) records.push_back({KeyOfNumber(position), KeyOfNumber(position)});
  std::vector<Store::Stretch> events;
  for (const std::string& event_id : places.event_ids()) {
    events.push_back({PrefixOfEvent(event_id), KeyOfRevision(event_id, UINT32_MAX)});
  }
  std::vector<Store::Stretch> rows;
  for (const std::string& prefix : places.stage_prefixes()) {
    rows.push_back({KeyOfStageRow(prefix), EndOfPrefix(KeyOfStageRow(prefix))});
  }
  for (const std::string& prefix : places.state_prefixes()) {
    const std::string begin = std::string(kStatePrefix) + prefix;
    rows.push_back({begin, EndOfPrefix(begin)});
  }
  if (absl::Status status = store_->Rewrite(Table::kRecords, records); !status.ok()) return status;
  if (absl::Status status = store_->Rewrite(Table::kTexts, std::move(records)); !status.ok()) return status;
  if (absl::Status status = store_->Rewrite(Table::kEvents, std::move(events)); !status.ok()) return status;
  return store_->Rewrite(Table::kMeta, std::move(rows));
}

// Returns when no reader sees the log as it was before the sequence number.
absl::Status RocksDbLog::AwaitNewViews(uint64_t sequence) const {
  // By a clock that nobody sets.
  const auto end = std::chrono::steady_clock::now() + kMaxViewAge;
  while (store_->OldestSnapshot() < sequence) {
    if (std::chrono::steady_clock::now() >= end)
      return absl::UnavailableError(options_.directory + ": a reader holds on to what was erased");
    std::this_thread::sleep_for(kViewPoll);
  }
  return absl::OkStatus();
}

}  // namespace demarche::log
