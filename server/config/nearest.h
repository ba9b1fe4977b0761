#ifndef DEMARCHE_SERVER_CONFIG_NEAREST_H_
#define DEMARCHE_SERVER_CONFIG_NEAREST_H_

#include <string>
#include <vector>

namespace demarche::config {

// The known name that is fewest edits away from a mistyped one; empty when none is near.
std::string Nearest(const std::string& name, const std::vector<std::string>& known);

}  // namespace demarche::config

#endif  // DEMARCHE_SERVER_CONFIG_NEAREST_H_
