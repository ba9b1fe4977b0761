#include "server/log/recovery.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "server/log/stamp.h"
#include "server/log/tables.h"

namespace demarche::log {
namespace {

// Batches recomputed at each start; `demarched log verify` does them all.
constexpr uint64_t kTailBatches = 64;

std::string Name(const stored::v1::BatchSeal& seal) {
  return absl::StrCat("batch ", seal.number(), " (position ", seal.last_position(), ")");
}

absl::Status CheckMark(const Store& store, const Tail& tail, const MarkFile& file) {
  const stored::v1::Mark& mark = file.mark();
  if (mark.log_id() != tail.meta.log_id()) {
    return absl::DataLossError(absl::StrCat(file.path(), " belongs to the log ", mark.log_id(), ", but ", store.path(),
                                            " holds the log ", tail.meta.log_id()));
  }
  if (tail.seal.number() < mark.seal().number()) {
    return absl::DataLossError(absl::StrCat(store.path(), " ends at ", Name(tail.seal), ", but ", file.path(), " says that ",
                                            Name(mark.seal()), " was acknowledged: records are missing"));
  }
  // A crash while the mark was written leaves a log that goes on after the whole mark. Otherwise the damaged slot may have held a
  // later one.
  if (file.is_slot_damaged() && tail.seal.number() == mark.seal().number()) {
    return absl::DataLossError(absl::StrCat(file.path(), " is damaged: it is not certain that ", store.path(), ", which ends at ",
                                            Name(tail.seal), ", holds all that was acknowledged"));
  }
  const auto marked = FindSeal(store, tail.meta, mark.seal().number());
  if (!marked.ok()) return marked.status();
  if (IsSame(*marked, mark.seal())) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(store.path(), ": ", Name(*marked), " is not the one that ", file.path(), " names"));
}

// Finds out whether what was erased is what records of the chain say was erased.
class ErasureCheck {
 public:
  void Add(const stored::v1::Record& record, std::string_view row) {
    if (!record.written_sha256().empty()) erased_[record.last_position()] = DigestOf(row);
    for (const stored::v1::ErasedRow& said : record.erased()) {
      if (!said.row_sha256().empty()) said_[said.last_position()] = said.row_sha256();
    }
  }

  // Of the records after the position, which were added.
  absl::Status Check(const Store& store, uint64_t after) const {
    for (const auto& [position, digest] : erased_) {
      const auto said = said_.find(position);
      if (said != said_.end() && said->second == digest) continue;
      return DamagedRecord(store, position, said == said_.end() ? "erased, but no record says so" : "not as its erasure left it");
    }
    for (auto said = said_.upper_bound(after); said != said_.end(); ++said) {
      if (!erased_.contains(said->first)) return DamagedRecord(store, said->first, "there as it was before its erasure");
    }
    return absl::OkStatus();
  }

  uint64_t count() const { return erased_.size(); }

 private:
  std::map<uint64_t, std::string> erased_;  // digest of the row as it is, by last position
  std::map<uint64_t, std::string> said_;    // as the latest record to say so says
};

// Walks from record to record and extends the chain.
class ChainWalk {
 public:
  ChainWalk(const Store& store, const stored::v1::BatchSeal& before) : store_(store), cursor_(store, nullptr), at_(before) {}

  absl::Status Start() { return cursor_.Seek(at_.last_position() + 1); }

  // Over the records of one batch.
  absl::Status Walk(const stored::v1::BatchSeal& seal) {
    while (at_.last_position() < seal.last_position()) {
      if (absl::Status status = Step(); !status.ok()) return status;
    }
    if (at_.chain() != seal.chain()) {
      return DamagedRecord(store_, at_.last_position(), absl::StrCat("not as written in ", Name(seal)));
    }
    if (IsSame(at_, seal)) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat(store_.path(), ": the seal of ", Name(seal), " does not fit its records"));
  }

  const ErasureCheck& erasures() const { return erasures_; }

 private:
  absl::Status Step() {
    const uint64_t next = at_.last_position() + 1;
    if (cursor_.is_at_end()) return DamagedRecord(store_, next, "missing");
    const auto record = cursor_.Parse();
    if (!record.ok()) return record.status();
    if (FirstPosition(**record) != next) return DamagedRecord(store_, next, "missing");
    Extend(**record, cursor_.bytes(), 0, at_);
    erasures_.Add(**record, cursor_.bytes());
    return cursor_.Next();
  }

  const Store& store_;
  RecordCursor cursor_;
  stored::v1::BatchSeal at_;
  ErasureCheck erasures_;
};

}  // namespace

absl::StatusOr<uint64_t> CheckBatches(const Store& store, const stored::v1::LogMeta& meta, uint64_t first, uint64_t last) {
  const auto before = FindSeal(store, meta, first - 1);
  if (!before.ok()) return before.status();
  ChainWalk walk(store, *before);
  if (absl::Status status = walk.Start(); !status.ok()) return status;
  for (uint64_t number = first; number <= last; ++number) {
    const auto seal = FindSeal(store, meta, number);
    if (!seal.ok()) return seal.status();
    if (absl::Status status = walk.Walk(*seal); !status.ok()) return status;
  }
  if (absl::Status status = walk.erasures().Check(store, before->last_position()); !status.ok()) return status;
  return walk.erasures().count();
}

absl::StatusOr<Tail> CheckTail(const Store& store, const MarkFile& mark) {
  Tail tail;
  const auto meta = ReadMeta(store);
  if (absl::IsNotFound(meta.status()) && mark.mark().seal().number() > 0) {
    return absl::DataLossError(absl::StrCat(store.path(), ": the row 'meta' is missing"));
  }
  if (!meta.ok()) return meta.status();
  tail.meta = *meta;
  const auto seal = LastSeal(store, tail.meta);
  if (!seal.ok()) return seal.status();
  tail.seal = *seal;
  if (absl::Status status = CheckMark(store, tail, mark); !status.ok()) return status;

  const uint64_t last = tail.seal.number();
  const uint64_t first = last - std::min(last - tail.meta.base().number(), kTailBatches) + 1;
  const auto erased = CheckBatches(store, tail.meta, first, last);
  if (!erased.ok()) return erased.status();
  RecordCursor cursor(store, nullptr);
  if (absl::Status status = cursor.SeekToLast(); !status.ok()) return status;
  if (cursor.is_at_end() || cursor.last_position() == tail.seal.last_position()) return tail;
  return DamagedRecord(store, cursor.last_position(), "in no batch");
}

}  // namespace demarche::log
