#ifndef DEMARCHE_PIPELINE_STORIES_INDEX_H_
#define DEMARCHE_PIPELINE_STORIES_INDEX_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "demarche/stored/v1/state.pb.h"
#include "demarche/v1/event.pb.h"

namespace demarche::stories {

// What an event is found by: its type family with each party, on its day.
stored::v1::EventKeys KeysOf(const v1::DiplomaticEvent& event, int32_t publish_day);
// What events that it may tell of are found by.
stored::v1::EventKeys SearchKeysOf(const v1::DiplomaticEvent& event, int32_t publish_day);

// Which known events a report may tell of, in memory: a node for each key of an event. Not synchronised.
class Index {
 public:
  void Add(uint32_t number, const stored::v1::EventKeys& keys);
  void Remove(uint32_t number, const stored::v1::EventKeys& keys);
  // Events of which the parties include those searched for, or the other way round, latest first.
  std::vector<uint32_t> Find(const stored::v1::EventKeys& search) const;

 private:
  struct Node {
    uint32_t number;
    uint32_t parties;
    uint32_t next;  // of the same key, and of those that are free; 0 at the end
  };

  std::vector<Node> nodes_ = {Node{}};  // the first is none
  uint32_t free_ = 0;
  absl::flat_hash_map<uint32_t, uint32_t> first_;
};

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_INDEX_H_
