#include "server/ingest/purge.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/log/keys.h"
#include "server/record/purge.h"

namespace demarche::ingest {
namespace {

class WordFinder {
 public:
  WordFinder(const log::EventLog& log, const stored::v1::ItemEntry& entry) : log_(log), entry_(entry) {}

  absl::StatusOr<Words> Run() {
    words_.purge.set_publisher(entry_.publisher());
    words_.purge.set_news_item_id(entry_.news_item_id());
    event_ids_.insert(entry_.event_ids().begin(), entry_.event_ids().end());
    for (uint64_t position = entry_.last_position(); position != 0;) {
      const auto before = AddRecord(position);
      if (!before.ok()) return before.status();
      position = *before;
    }
    *words_.purge.mutable_event_ids() = {event_ids_.begin(), event_ids_.end()};
    *words_.purge.mutable_places()->mutable_event_ids() = words_.purge.event_ids();
    const record::QuoteEraser eraser(words_.purge);
    for (const std::string& event_id : event_ids_) {
      if (absl::Status status = Locate(event_id); !status.ok()) return status;
    }
    for (const auto& [position, event_ids] : holders_) {
      if (absl::Status status = AddRevisionsIn(position, event_ids, eraser); !status.ok()) return status;
    }
    for (const std::string& event_id : outliving_) {
      if (absl::Status status = AddRevisionsOf(event_id, eraser); !status.ok()) return status;
    }
    *words_.purge.mutable_places()->mutable_records() = {records_.begin(), records_.end()};
    return std::move(words_);
  }

 private:
  // A record of the item. Gives where the one before it ends, 0 when there is none that is kept.
  absl::StatusOr<uint64_t> AddRecord(uint64_t position) {
    const auto found = log_.Read(position - 1, /*max_bytes=*/0);
    if (found.status().code() == absl::StatusCode::kOutOfRange) return 0;  // dropped, and its text with it
    if (!found.ok()) return found.status();
    const stored::v1::Record& record = *found->front();
    const bool is_its = record.last_position() == position && record.has_item() &&
                        log::KeyOfItem(log::KeyOf(record.item())) == log::KeyOfItem(log::KeyOf(entry_));
    if (!is_its) return 0;
    words_.texts.push_back(position);
    records_.insert(position);
    event_ids_.insert(record.item().event_ids().begin(), record.item().event_ids().end());
    for (const stored::v1::StoredEvent& event : record.events()) event_ids_.insert(event.event_id());
    return record.item().previous_position();
  }

  absl::Status Locate(const std::string& event_id) {
    const auto places = log_.LocateRevisions(event_id);
    if (absl::IsNotFound(places.status())) return absl::OkStatus();
    if (!places.ok()) return places.status();
    for (const log::RevisionPlace& place : *places) holders_[place.record_position].push_back(event_id);
    return absl::OkStatus();
  }

  // Each record is read once, however many of the events it holds.
  absl::Status AddRevisionsIn(uint64_t position, const std::vector<std::string>& event_ids, const record::QuoteEraser& eraser) {
    const auto found = log_.Read(position - 1, /*max_bytes=*/0);
    if (found.status().code() == absl::StatusCode::kOutOfRange) {
      outliving_.insert(event_ids.begin(), event_ids.end());
      return absl::OkStatus();
    }
    if (!found.ok()) return found.status();
    for (const stored::v1::StoredEvent& event : found->front()->events()) {
      if (absl::Status status = AddRevision(event, eraser); !status.ok()) return status;
    }
    records_.insert(position);
    return absl::OkStatus();
  }

  absl::Status AddRevisionsOf(const std::string& event_id, const record::QuoteEraser& eraser) {
    const auto revisions = log_.FindRevisions(event_id);
    if (absl::IsNotFound(revisions.status())) return absl::OkStatus();
    if (!revisions.ok()) return revisions.status();
    for (const log::FoundEvent& found : *revisions) {
      if (absl::Status status = AddRevision(found.event, eraser); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status AddRevision(stored::v1::StoredEvent event, const record::QuoteEraser& eraser) {
    const auto is_changed = eraser.EraseFrom(*event.mutable_frame());
    if (is_changed.ok() && *is_changed) words_.revisions.push_back(std::move(event));
    return is_changed.status();
  }

  const log::EventLog& log_;
  const stored::v1::ItemEntry& entry_;
  Words words_;
  std::set<std::string> event_ids_;
  std::map<uint64_t, std::vector<std::string>> holders_;  // records that hold, or held, revisions of the events, and of which
  std::set<std::string> outliving_;                       // events of which a revision has outlived its record
  std::set<uint64_t> records_;
};

}  // namespace

absl::StatusOr<Words> FindWords(const log::EventLog& log, const stored::v1::ItemEntry& entry) {
  return WordFinder(log, entry).Run();
}

}  // namespace demarche::ingest
