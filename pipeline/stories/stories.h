#ifndef DEMARCHE_PIPELINE_STORIES_STORIES_H_
#define DEMARCHE_PIPELINE_STORIES_STORIES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/state.pb.h"
#include "demarche/v1/event.pb.h"
#include "pipeline/stage/state_changes.h"
#include "pipeline/stories/index.h"
#include "pipeline/stories/recent.h"

namespace demarche::stories {

using EventPtr = std::shared_ptr<const v1::DiplomaticEvent>;

// A revision of an event, and the one before it: null in the first.
struct EventChange {
  EventPtr event;
  EventPtr before;
};

// What an item tells.
struct Told {
  std::string publisher;
  std::string news_item_id;
  std::vector<v1::DiplomaticEvent> events;  // as coded
  bool is_copy = false;                     // of another item: its publisher is not independent
  // Of a copy, for each event: those that the original's same sentence tells of; empty when the sentence is another.
  std::vector<std::vector<std::string>> inherited;
  std::vector<std::string> told_before;  // of a corrected item: the events of what it replaces
};

// What an item did.
struct Resolved {
  std::vector<std::string> event_ids;  // for each event that was told
  std::vector<EventChange> changes;    // in the order of the text; what was withdrawn stands last
};

// Remembers events and decides which reports tell of one. Used by one thread in the order of arrival. What it does is part of the
// changes: discarded with them.
class Stories {
 public:
  // `max_events`: that new reports are compared with; older ones stay as they are.
  explicit Stories(size_t max_events) : max_events_(max_events) {}

  // Takes up what is stored. Before anything else.
  absl::Status Load(const stage::KeyedState& stored);

  // Takes up an event of which the state knows nothing, after a loss or from before there was one, as its last revision has it.
  void Adopt(const v1::DiplomaticEvent& event, stage::StateChanges& changes);

  absl::StatusOr<Resolved> Resolve(const Told& told, stage::StateChanges& changes);
  // Takes an item's evidence away from the events it told of.
  absl::StatusOr<Resolved> Withdraw(const Told& told, stage::StateChanges& changes);
  // Takes the words of an item out of the events that are known of these, and says what the keys of their rows begin with.
  absl::StatusOr<std::vector<std::string>> EraseQuotes(const std::string& publisher, const std::string& news_item_id,
                                                       const std::vector<std::string>& event_ids, stage::StateChanges& changes);
  // The original's evidence for its events, as that of a copy with the same text.
  absl::StatusOr<Resolved> Copy(const Told& copy, const std::vector<std::string>& event_ids, const std::string& original_publisher,
                                const std::string& original_id, stage::StateChanges& changes);

 private:
  friend class Resolution;

  // The number of a new event, and the row that finds it by its id.
  uint32_t GiveNumber(const std::string& event_id, stage::StateChanges& changes);
  // The event as it is now.
  absl::StatusOr<KnownEventPtr> Find(uint32_t number, const stage::StateChanges& changes);
  void Write(uint32_t number, const KnownEventPtr& event, stage::StateChanges& changes);
  // It is found no more.
  void Hide(uint32_t number, stage::StateChanges& changes);
  void DropOld(stage::StateChanges& changes);

  const size_t max_events_;
  uint32_t first_ = 1;  // that may be found
  uint32_t next_ = 1;
  Index index_;
  Recent recent_;
};

// The number of an event. NOT_FOUND.
absl::StatusOr<uint32_t> NumberOfEvent(const std::string& event_id, const stage::StateChanges& changes);
// The event as the reports so far have made it. NOT_FOUND.
absl::StatusOr<v1::DiplomaticEvent> FindEvent(const std::string& event_id, const stage::StateChanges& changes);

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_STORIES_H_
