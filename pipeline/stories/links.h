#ifndef DEMARCHE_PIPELINE_STORIES_LINKS_H_
#define DEMARCHE_PIPELINE_STORIES_LINKS_H_

#include <cstdint>
#include <vector>

#include "demarche/v1/event.pb.h"

// Under what an event is found: digests of its type family with its parties, one by one and by twos, on its day.
namespace demarche::stories {

std::vector<uint32_t> LinksOf(const v1::DiplomaticEvent& event, int32_t publish_day);

// Under what events are to be looked for that a report may tell of: those of which the parties include those of the report, or the
// other way round. The nearest days first.
std::vector<uint32_t> SearchLinksOf(const v1::DiplomaticEvent& report, int32_t publish_day);

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_LINKS_H_
