#ifndef DEMARCHE_TESTS_GOLDEN_CASE_FILE_H_
#define DEMARCHE_TESTS_GOLDEN_CASE_FILE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace demarche::golden {

// A case of a golden file; see README.md for the format.
struct Case {
  std::string name;  // file, line and name
  std::vector<std::pair<std::string, std::string>> values;

  // The value of a key; empty when it is not there.
  std::string Get(std::string_view key) const;
  std::vector<std::string> GetAll(std::string_view key) const;
  bool Has(std::string_view key) const { return !GetAll(key).empty(); }
};

// The cases of all files of tests/golden/<stage>, in the order of their names. Fails the running test when there are none, when a
// line is not understood, or when a key is not in `keys`.
std::vector<Case> ReadCases(std::string_view stage, const std::vector<std::string_view>& keys);

// Parts between separators; none for an empty text.
std::vector<std::string> SplitAt(std::string_view text, std::string_view separator);

}  // namespace demarche::golden

#endif  // DEMARCHE_TESTS_GOLDEN_CASE_FILE_H_
