#ifndef DEMARCHE_PIPELINE_DEDUP_DEDUP_H_
#define DEMARCHE_PIPELINE_DEDUP_DEDUP_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "demarche/stored/v1/state.pb.h"
#include "demarche/v1/news_item.pb.h"
#include "pipeline/dedup/index.h"
#include "pipeline/document/document.h"
#include "pipeline/stage/state_changes.h"

namespace demarche::dedup {

// What is remembered at most.
struct Window {
  size_t max_items = 2'000'000;
  int64_t max_seconds = 7 * 86'400;  // between the publications of an item and its copy
};

// The first item of which another is a copy.
struct Original {
  stored::v1::KnownItem item;
  bool is_exact = false;  // the same bytes; else a near copy

  bool HasSentence(uint64_t digest) const;
  // The events that the sentence tells of.
  std::vector<std::string> EventsOf(uint64_t sentence) const;
};

// Which event a sentence tells of.
using SentenceEvents = std::vector<std::pair<uint64_t, std::string>>;

// Remembers items and finds the originals of copies. Used by one thread in the order of arrival, but for HasExact. What it does is
// part of the changes: discarded with them.
class Dedup {
 public:
  explicit Dedup(Window window) : window_(window) {}

  // Takes up what is stored. Before anything else.
  absl::Status Load(const stage::KeyedState& stored);

  // Whether an item with this text is remembered. Any thread.
  bool HasExact(uint64_t exact) const;

  absl::StatusOr<std::optional<Original>> FindOriginal(const v1::NewsItem& item, const document::Print& print,
                                                       const stage::StateChanges& changes) const;
  // Remembers an item, and forgets the first when the window is full. Gives its number.
  uint64_t Add(const v1::NewsItem& item, const document::Print& print, const SentenceEvents& events, stage::StateChanges& changes);
  // The copies of this item are copies no more. Does nothing when another has the number: it was given anew after a loss.
  absl::Status Forget(uint64_t number, const std::string& publisher, const std::string& news_item_id, stage::StateChanges& changes);

  // How many items are remembered. The one thread.
  size_t size() const { return index_.size(); }

 private:
  void RemoveFirst(stage::StateChanges& changes);
  bool IsNear(const document::Print& print, const stored::v1::KnownItem& known) const;

  const Window window_;
  uint64_t next_ = 1;

  mutable absl::Mutex mutex_;  // written by the one thread alone, which reads without it
  Index index_;
};

}  // namespace demarche::dedup

#endif  // DEMARCHE_PIPELINE_DEDUP_DEDUP_H_
