#ifndef DEMARCHE_TESTS_SIMULATION_EXPLORE_H_
#define DEMARCHE_TESTS_SIMULATION_EXPLORE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "tests/simulation/world.h"

namespace demarche::simulation {

// A seed that breaks a promise.
struct Finding {
  uint64_t seed = 0;
  std::string what;
  Script script;  // the shortest that was found to break one
};

// What the script breaks; empty when nothing.
std::string Play(const Script& script);

// The first seed from `first` on, of `count`, that breaks a promise; its script is not shrunk.
std::optional<Finding> Explore(uint64_t first, uint64_t count);

// Leaves out of the script whatever is not needed to break something.
Finding Shrink(Finding finding);

// What the first such seed breaks and its shortest script, for a person to read; empty when there is none.
std::string Report(uint64_t first, uint64_t count);

// Seed, promise and events, one a line.
std::string Describe(const Finding& finding);

}  // namespace demarche::simulation

#endif  // DEMARCHE_TESTS_SIMULATION_EXPLORE_H_
