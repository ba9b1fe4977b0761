#include "golden/case_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"
#include "unicode/utf8.h"

namespace demarche::golden {
namespace {

std::string Trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\r");
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::string Unescaped(const std::string& text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    const char c = text[++i];
    if (c == 'u' && i + 4 < text.size()) {
      char bytes[U8_MAX_LENGTH];
      int32_t size = 0;
      U8_APPEND_UNSAFE(bytes, size, std::stoi(text.substr(i + 1, 4), nullptr, 16));
      result.append(bytes, size);
      i += 4;
    } else {
      result += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c == 's' ? ' ' : c;
    }
  }
  return result;
}

void ReadFile(const std::filesystem::path& path, const std::vector<std::string_view>& keys, std::vector<Case>& cases) {
  std::ifstream file(path);
  std::string line;
  const size_t before = cases.size();
  for (int number = 1; std::getline(file, line); ++number) {
    const std::string place = path.filename().string() + ":" + std::to_string(number);
    if (Trimmed(line).empty() || line[0] == '#') continue;
    if (line.rfind("== ", 0) == 0) {
      cases.push_back({place + " " + line.substr(3), {}});
      continue;
    }
    const size_t colon = line.find(':');
    if (colon == std::string::npos || cases.size() == before ||
        std::find(keys.begin(), keys.end(), line.substr(0, colon)) == keys.end()) {
      ADD_FAILURE() << place << ": not understood: " << line;
      continue;
    }
    cases.back().values.emplace_back(line.substr(0, colon), Unescaped(Trimmed(line.substr(colon + 1))));
  }
}

}  // namespace

std::string Case::Get(std::string_view key) const {
  const auto all = GetAll(key);
  return all.empty() ? "" : all.front();
}

std::vector<std::string> Case::GetAll(std::string_view key) const {
  std::vector<std::string> found;
  for (const auto& [name_of_value, value] : values) {
    if (name_of_value == key) found.push_back(value);
  }
  return found;
}

std::vector<Case> ReadCases(std::string_view stage, const std::vector<std::string_view>& keys) {
  std::vector<std::filesystem::path> paths;
  const auto folder = std::filesystem::path(DEMARCHE_SOURCE_DIR) / "tests" / "golden" / stage;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Case> cases;
  for (const auto& path : paths) ReadFile(path, keys, cases);
  EXPECT_FALSE(cases.empty()) << "no cases in " << folder;
  return cases;
}

std::vector<std::string> SplitAt(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + separator.size(), text.size()));
  }
  return parts;
}

}  // namespace demarche::golden
