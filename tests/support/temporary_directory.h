#ifndef DEMARCHE_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
#define DEMARCHE_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace demarche::support {

// An empty directory for as long as the object lives.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::filesystem::path& parent = testing::TempDir()) {
    std::string pattern = (parent / "demarche-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return (std::filesystem::path(path_) / name).string(); }
  // A file with these bytes; its path.
  std::string Write(std::string_view name, std::string_view bytes) const {
    std::ofstream(*this / name, std::ios::binary) << bytes;
    return *this / name;
  }

 private:
  std::string path_;
};

}  // namespace demarche::support

#endif  // DEMARCHE_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
