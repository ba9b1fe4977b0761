#ifndef DEMARCHE_TESTS_FAULT_DAMAGE_H_
#define DEMARCHE_TESTS_FAULT_DAMAGE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// Ways to damage the files of a log.
namespace demarche::log {

// The files of the store whose names end so, oldest first.
std::vector<std::filesystem::path> Files(const std::string& directory, const std::string& end);
std::filesystem::path Manifest(const std::string& directory);
// Without the space that is reserved at its end.
uintmax_t UsedSize(const std::filesystem::path& path);

void FlipByte(const std::filesystem::path& path, uintmax_t offset);
void Zero(const std::filesystem::path& path, uintmax_t offset, uintmax_t size);

}  // namespace demarche::log

#endif  // DEMARCHE_TESTS_FAULT_DAMAGE_H_
