#ifndef DEMARCHE_PIPELINE_STORIES_INDEX_H_
#define DEMARCHE_PIPELINE_STORIES_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "pipeline/stories/outline.h"
#include "pipeline/stories/weights.h"

namespace demarche::stories {

// Which known events a report may tell of, in memory: the outline of each event, and a list of events for each link, latest first.
// Events have numbers. Not synchronised.
class Index {
 public:
  bool Has(uint32_t number) const { return number >= first_ && number - first_ < outlines_.size() && !At(number).is_empty(); }

  // Puts an outline in the place of the one before, if any, and gives that.
  Outline Put(uint32_t number, Outline outline);
  Outline Remove(uint32_t number) { return Put(number, {}); }
  // Removes the event, which has the lowest number of all. Cheap: from lists that hold later events it goes when those do.
  Outline RemoveFirst(uint32_t number);

  // Shows the events under the links, link by link, the latest first, until there were many. Some more than once.
  void Visit(std::span<const uint32_t> links, absl::FunctionRef<void(uint32_t number, const Outline& outline)> visit) const;

  // Of the words of the events.
  const Weights& weights() const { return weights_; }

 private:
  struct Node {
    uint32_t number;
    uint32_t next;  // of the same link, and of those that are free; 0 at the end
  };

  Outline& At(uint32_t number) { return outlines_[number - first_]; }
  const Outline& At(uint32_t number) const { return outlines_[number - first_]; }
  void Reserve(uint32_t number);
  void Link(uint32_t number, uint32_t link);
  void Unlink(uint32_t number, uint32_t link);
  void Free(uint32_t node);

  Weights weights_;
  uint32_t first_ = 1;
  std::deque<Outline> outlines_;       // of the events from first_ on
  std::deque<Node> nodes_ = {Node{}};  // the first is none
  uint32_t free_ = 0;
  absl::flat_hash_map<uint32_t, uint32_t> lists_;  // by link
};

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_INDEX_H_
