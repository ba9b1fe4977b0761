#include "tests/fault/damage.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace demarche::log {

namespace fs = std::filesystem;

std::vector<fs::path> Files(const std::string& directory, const std::string& end) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory + "/db")) {
    if (absl::EndsWith(entry.path().filename().string(), end)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

fs::path Manifest(const std::string& directory) {
  std::ifstream current(directory + "/db/CURRENT");
  std::string name;
  std::getline(current, name);
  return fs::path(directory) / "db" / name;
}

uintmax_t UsedSize(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  return bytes.find_last_not_of('\0') + 1;
}

void FlipByte(const fs::path& path, uintmax_t offset) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  const char byte = static_cast<char>(file.get() ^ 0x10);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
  ASSERT_TRUE(file.good()) << path;
}

void Zero(const fs::path& path, uintmax_t offset, uintmax_t size) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(offset));
  file << std::string(size, '\0');
  ASSERT_TRUE(file.good()) << path;
}

}  // namespace demarche::log
