#ifndef DEMARCHE_PIPELINE_STORIES_RECENT_H_
#define DEMARCHE_PIPELINE_STORIES_RECENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "demarche/stored/v1/state.pb.h"

namespace demarche::stories {

using KnownEventPtr = std::shared_ptr<const stored::v1::KnownEvent>;

// Events as they are in the state, so that those in the news are not read again and again: a place for each number, taken by turns.
// Not synchronised.
class Recent {
 public:
  Recent() : places_(kPlaces) {}

  // Null when it is not here.
  KnownEventPtr Find(uint32_t number) const;
  void Put(uint32_t number, KnownEventPtr event);
  void Forget(uint32_t number);

 private:
  static constexpr size_t kPlaces = 4096;

  struct Place {
    uint32_t number = 0;  // 0: free
    KnownEventPtr event;
  };

  std::vector<Place> places_;
};

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_RECENT_H_
