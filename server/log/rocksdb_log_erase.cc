#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/log/erase.h"
#include "server/log/keys.h"
#include "server/log/rocksdb_log.h"
#include "server/log/stamp.h"

// Erasing: first from what is read, then from the files.
namespace demarche::log {
namespace {

// Readers let go of a view within the time of one call.
constexpr absl::Duration kMaxViewAge = absl::Seconds(30);
constexpr absl::Duration kViewPoll = absl::Milliseconds(1);

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
  {
    const absl::MutexLock lock(&writing_);
    base = meta_.base().last_position();
    Show();
  }
  if (absl::Status status = AwaitNewViews(store_->db().GetLatestSequenceNumber()); !status.ok()) return status;
  // From here on nothing is read as it was before: what is not wanted any more goes when its files are written anew.
  if (absl::Status status = store_->Flush(); !status.ok()) return status;
  std::vector<Store::Stretch> stretches;
  for (Table table : {Table::kRecords, Table::kTexts}) {
    stretches.push_back({table, KeyOfNumber(0), KeyOfNumber(base)});  // dropped, perhaps a moment ago
    for (const uint64_t position : places.records()) stretches.push_back({table, KeyOfNumber(position), KeyOfNumber(position)});
  }
  for (const std::string& event_id : places.event_ids()) {
    stretches.push_back({Table::kEvents, PrefixOfEvent(event_id), KeyOfRevision(event_id, UINT32_MAX)});
  }
  for (const std::string& prefix : places.stage_prefixes()) {
    stretches.push_back({Table::kMeta, KeyOfStageRow(prefix), EndOfPrefix(KeyOfStageRow(prefix))});
  }
  for (const std::string& prefix : places.state_prefixes()) {
    const std::string begin = std::string(kStatePrefix) + prefix;
    stretches.push_back({Table::kMeta, begin, EndOfPrefix(begin)});
  }
  for (const Store::Stretch& stretch : stretches) {
    if (absl::Status status = store_->Rewrite(stretch); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Returns when no reader sees the log as it was before the sequence number.
absl::Status RocksDbLog::AwaitNewViews(uint64_t sequence) const {
  const absl::Time end = absl::Now() + kMaxViewAge;
  while (store_->OldestSnapshot() < sequence) {
    if (absl::Now() >= end) return absl::UnavailableError(options_.directory + ": a reader holds on to what was erased");
    absl::SleepFor(kViewPoll);
  }
  return absl::OkStatus();
}

}  // namespace demarche::log
