#ifndef DEMARCHE_PIPELINE_STORIES_MATTER_H_
#define DEMARCHE_PIPELINE_STORIES_MATTER_H_

#include <cstdint>
#include <vector>

#include "demarche/v1/event.pb.h"
#include "google/protobuf/repeated_field.h"

namespace demarche::stories {

// Digests of the words that tell what an event is about, ascending: of its evidence sentences, without the words that any report
// has and without the names of its parties.
std::vector<uint32_t> MatterOf(const v1::DiplomaticEvent& event);

// How much of the shorter of two matters is in the other, 0 to 1.
double MatterOverlap(const google::protobuf::RepeatedField<uint32_t>& a, const std::vector<uint32_t>& b);

}  // namespace demarche::stories

#endif  // DEMARCHE_PIPELINE_STORIES_MATTER_H_
