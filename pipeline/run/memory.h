#ifndef DEMARCHE_PIPELINE_RUN_MEMORY_H_
#define DEMARCHE_PIPELINE_RUN_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "pipeline/dedup/dedup.h"
#include "pipeline/run/runner.h"
#include "pipeline/run/stage_counter.h"
#include "pipeline/stage/state_changes.h"
#include "pipeline/stories/stories.h"

namespace demarche::run {

struct MemoryOptions {
  dedup::Window copies;
  size_t max_events = 1'000'000;  // that new reports are compared with
};

// What the stages that remember made of an item.
struct Remembered {
  v1::PublishOutcome outcome = v1::PUBLISH_OUTCOME_ACCEPTED;
  std::string original_news_item_id;          // of a NEAR_DUPLICATE
  std::vector<std::string> event_ids;         // in the order of the text, each once
  std::vector<stories::EventChange> changes;  // revisions to publish
  std::vector<std::string> erased_prefixes;   // of a purge: what the keys of rows begin with that held words of the item
  uint64_t known_item = 0;                    // number under which copies find it; 0 when it is none of theirs to find
};

// What was stored of an item that is corrected or withdrawn.
struct Earlier {
  std::vector<std::string> event_ids{};
  uint64_t known_item = 0;
  std::vector<v1::DiplomaticEvent> lost{};  // as the log has them: those of which the state knows nothing
};

// The stages that remember, in order: dedup, stories. Items go through it one by one, in the order of arrival, by one thread; what
// it learns is in changes() until the owner says Committed or Discard. The stored state outlives it.
class Memory {
 public:
  // Takes up what is stored. DATA_LOSS when it is damaged.
  static absl::StatusOr<std::unique_ptr<Memory>> Open(const stage::KeyedState& stored, MemoryOptions options);

  // Whether an item need not be coded, because its text is known. Any thread.
  bool IsKnown(const document::Print& print) const { return dedup_.HasExact(print.exact); }

  // An item begins with each of these; after an error nothing of it is left. UNAVAILABLE when the item was not coded for an
  // original that is not remembered any more.
  absl::StatusOr<Remembered> Remember(const v1::NewsItem& item, Coded& coded);
  absl::StatusOr<Remembered> Correct(const v1::NewsItem& item, Coded& coded, const Earlier& earlier);
  absl::StatusOr<Remembered> Withdraw(const std::string& publisher, const std::string& news_item_id, const Earlier& earlier);
  // Takes the item's words out of these events, all that it ever told of, and withdraws it unless that was done before.
  absl::StatusOr<Remembered> Purge(const std::string& publisher, const std::string& news_item_id, const Earlier& earlier,
                                   const std::vector<std::string>& event_ids, bool is_withdrawn);

  // The event as the reports so far have made it. NOT_FOUND.
  absl::StatusOr<v1::DiplomaticEvent> FindEvent(const std::string& event_id) const {
    return stories::FindEvent(event_id, changes_);
  }

  stage::StateChanges& changes() { return changes_; }

  // How many items copies are found of. The one thread.
  size_t known_items() const { return dedup_.size(); }

  // Any thread.
  std::vector<StageCount> counts() const { return {dedup_count_.CountOf("dedup"), stories_count_.CountOf("stories")}; }

 private:
  Memory(const stage::KeyedState& stored, MemoryOptions options)
      : changes_(stored), dedup_(options.copies), stories_(options.max_events) {}
  // Does the work of one item; when it fails nothing of it is left.
  absl::StatusOr<Remembered> AsItem(absl::FunctionRef<absl::StatusOr<Remembered>()> work);
  // Makes the item unknown, and its events known.
  absl::Status ForgetItem(const std::string& publisher, const std::string& news_item_id, const Earlier& earlier);
  absl::StatusOr<Remembered> WithdrawKnown(const std::string& publisher, const std::string& news_item_id, const Earlier& earlier);
  absl::StatusOr<Remembered> RememberNew(const v1::NewsItem& item, Coded& coded, const Earlier& earlier);

  stage::StateChanges changes_;
  dedup::Dedup dedup_;
  stories::Stories stories_;
  StageCounter dedup_count_;
  StageCounter stories_count_;
};

}  // namespace demarche::run

#endif  // DEMARCHE_PIPELINE_RUN_MEMORY_H_
