#ifndef DEMARCHE_PIPELINE_STORIES_OUTLINE_H_
#define DEMARCHE_PIPELINE_STORIES_OUTLINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "demarche/stored/v1/state.pb.h"
#include "demarche/v1/event.pb.h"

namespace demarche::stories {

// What of an event is compared before its names and words are. Days are counted from 1970.
struct Traits {
  int32_t first_day = 0;  // of reports
  int32_t last_day = 0;
  int32_t date = 0;  // packed
  uint32_t kind = 0;
  uint32_t actors = 0;
  uint32_t recipients = 0;
  uint16_t place = 0;
  uint8_t type = 0;
  uint8_t mode = 0;
  uint8_t factuality = 0;
  uint8_t time_frame = 0;
  bool reciprocal = false;
};
Traits TraitsOf(const v1::DiplomaticEvent& event, int32_t first_day, int32_t last_day);

// The row of an event.
stored::v1::EventOutline OutlineOf(const stored::v1::KnownEvent& known);

// What of that row is kept in memory, as small as may be: 40 bytes, and 4 for each link and 2 for each word.
class Outline {
 public:
  Outline() = default;  // of no event
  explicit Outline(const stored::v1::EventOutline& row);

  bool is_empty() const { return rest_ == nullptr; }
  const Traits& traits() const { return traits_; }
  std::vector<uint32_t> links() const;
  std::span<const uint16_t> words() const;  // of each the lower half, ascending, no two equal

 private:
  Traits traits_;
  std::unique_ptr<uint16_t[]> rest_;  // how many links, how many words, the links in halves, the words
};

// The lower halves of words, ascending, no two equal.
std::vector<uint16_t> HalvesOf(std::span<const uint32_t> words);

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_OUTLINE_H_
