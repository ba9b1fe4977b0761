#ifndef DEMARCHE_TESTS_SIMULATION_FILTERS_H_
#define DEMARCHE_TESTS_SIMULATION_FILTERS_H_

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "demarche/v1/event.pb.h"
#include "server/subscription/filters.h"

// Filters of the simulation: a type by name, 0 for all.
namespace demarche::simulation {

using NamedTypes = std::vector<std::pair<std::string, int>>;

inline constexpr std::array<int, 3> kTypes = {v1::EVENT_TYPE_CONSULT, v1::EVENT_TYPE_AID, v1::EVENT_TYPE_ASSAULT};

inline int TypeOf(uint32_t argument) { return argument % 4 == 3 ? 0 : kTypes[argument % 4]; }

// One filter by its name, or two.
inline NamedTypes FiltersOf(uint32_t argument) {
  NamedTypes filters = {{"a", TypeOf(argument)}};
  if (argument / 4 % 2 == 1) filters.emplace_back("b", TypeOf(argument / 8));
  return filters;
}

// As a client sends them.
inline subscription::NamedFilters ToProto(const NamedTypes& filters) {
  subscription::NamedFilters named;
  for (const auto& [name, type] : filters) {
    v1::NamedFilter& filter = *named.Add();
    filter.set_name(name);
    if (type != 0) filter.set_filter("type = " + v1::EventType_Name(static_cast<v1::EventType>(type)));
  }
  return named;
}

}  // namespace demarche::simulation

#endif  // DEMARCHE_TESTS_SIMULATION_FILTERS_H_
