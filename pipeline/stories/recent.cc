#include "pipeline/stories/recent.h"

#include <utility>

namespace demarche::stories {

const stored::v1::KnownEvent* Recent::Find(uint32_t number) const {
  const Place& place = places_[number % kPlaces];
  return place.number == number ? &place.event : nullptr;
}

const stored::v1::KnownEvent& Recent::Put(uint32_t number, stored::v1::KnownEvent event) {
  Place& place = places_[number % kPlaces];
  place.number = number;
  place.event = std::move(event);
  return place.event;
}

void Recent::Forget(uint32_t number) {
  Place& place = places_[number % kPlaces];
  if (place.number == number) place = {};
}

}  // namespace demarche::stories
