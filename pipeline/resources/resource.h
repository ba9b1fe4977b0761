#ifndef DEMARCHE_PIPELINE_RESOURCES_RESOURCE_H_
#define DEMARCHE_PIPELINE_RESOURCES_RESOURCE_H_

#include <optional>
#include <string_view>

namespace demarche::resources {

// A file of this folder that was built into the binary, by its path below the folder, for example
// `actors/people.tsv`. Lives as long as the program.
std::optional<std::string_view> Find(std::string_view path);

}  // namespace demarche::resources

#endif  // DEMARCHE_PIPELINE_RESOURCES_RESOURCE_H_
