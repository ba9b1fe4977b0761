#ifndef DEMARCHE_PIPELINE_STORIES_MATTER_H_
#define DEMARCHE_PIPELINE_STORIES_MATTER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "demarche/v1/event.pb.h"
#include "pipeline/stories/weights.h"

namespace demarche::stories {

// Digests of the words that tell what an event is about, ascending: of its evidence sentences, without the words that any report
// has and without the names of its parties.
std::vector<uint32_t> MatterOf(const v1::DiplomaticEvent& event);

// How much of the shorter of two matters is in the other, 0 to 1: of digests or of their lower halves.
template <typename Digest>
double MatterOverlap(std::span<const Digest> a, std::span<const Digest> b, const Weights& weights);
extern template double MatterOverlap(std::span<const uint32_t>, std::span<const uint32_t>, const Weights&);
extern template double MatterOverlap(std::span<const uint16_t>, std::span<const uint16_t>, const Weights&);

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_MATTER_H_
