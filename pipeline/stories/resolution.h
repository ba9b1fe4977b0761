#ifndef DEMARCHE_PIPELINE_STORIES_RESOLUTION_H_
#define DEMARCHE_PIPELINE_STORIES_RESOLUTION_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "demarche/stored/v1/state.pb.h"
#include "pipeline/stage/state_changes.h"
#include "pipeline/stories/match.h"
#include "pipeline/stories/stories.h"

namespace demarche::stories {

// The work on one item: the events it touches, what they were and what they become. Lives for one call of Stories.
class Resolution {
 public:
  Resolution(const Told& told, Stories& stories, stage::StateChanges& changes);

  // The item's earlier evidence goes from these events.
  absl::Status TakeBack(const std::vector<std::string>& event_ids);
  // A corrected item: what only it told is replaced by what it tells now.
  void ReplaceTakenBack();
  // Unchanged sentences of a copy tell of the original's events.
  absl::Status Inherit();
  // The rest is compared with what is known: surest first.
  absl::Status Match();
  // What is left founds events.
  absl::Status Found();
  absl::Status CopyEvidence(const std::vector<std::string>& event_ids, const std::string& publisher,
                            const std::string& news_item_id);

  // Writes what changed.
  Resolved Finish();

 private:
  struct Work {
    uint32_t number = 0;
    stored::v1::KnownEvent event;
    KnownEventPtr before;     // null in a new event
    bool is_changed = false;  // in what readers see, other than by more evidence
    bool is_told = false;     // by the item as it is now
    std::vector<int> order;   // which events of the item it got
  };
  struct Candidate {
    double score;
    size_t told;
    uint32_t number;
  };

  absl::StatusOr<Work*> Load(uint32_t number);
  absl::StatusOr<Work*> LoadById(const std::string& event_id);
  std::vector<Candidate> FindLikeliest(size_t told) const;
  absl::StatusOr<std::vector<Candidate>> FindCandidates();
  absl::Status Contradict(Work& work);
  void Give(size_t told, Work& work);
  void AddEvidenceOf(const v1::DiplomaticEvent& told, Work& work);
  std::string StoryFor(const v1::DiplomaticEvent& event) const;
  void Write(Work& work, Resolved& resolved);

  const Told& told_;
  Stories& stories_;
  stage::StateChanges& changes_;
  std::vector<Report> reports_;  // of the told events
  std::map<uint32_t, Work> works_;
  std::vector<uint32_t> given_ = std::vector<uint32_t>(told_.events.size());  // number of each told event's; 0 while open
  std::map<size_t, std::vector<uint32_t>> contradicted_;                      // by told event
};

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_RESOLUTION_H_
