#include "pipeline/stories/recent.h"

#include <utility>

namespace demarche::stories {

KnownEventPtr Recent::Find(uint32_t number) const {
  const Place& place = places_[number % kPlaces];
  return place.number == number ? place.event : nullptr;
}

void Recent::Put(uint32_t number, KnownEventPtr event) { places_[number % kPlaces] = {number, std::move(event)}; }

void Recent::Forget(uint32_t number) {
  Place& place = places_[number % kPlaces];
  if (place.number == number) place = {};
}

}  // namespace demarche::stories
