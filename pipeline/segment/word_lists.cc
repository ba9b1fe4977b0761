#include "pipeline/segment/word_lists.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "pipeline/resources/table.h"

namespace demarche::segment {
namespace {

constexpr size_t kMaxAbbreviationBytes = 12;

constexpr std::pair<std::string_view, Abbreviation> kClasses[] = {
    {"title", Abbreviation::kTitle}, {"number", Abbreviation::kNumber}, {"calendar", Abbreviation::kCalendar},
    {"place", Abbreviation::kPlace}, {"common", Abbreviation::kCommon}, {"final", Abbreviation::kFinal}};

absl::Status UnknownClass(std::string_view table, const resources::Row& row) {
  return absl::InvalidArgumentError(std::string(table) + ":" + std::to_string(row.line) + ": unknown class '" +
                                    std::string(row.cells[1]) + "'");
}

}  // namespace

absl::StatusOr<WordLists> WordLists::Make() {
  WordLists lists;
  auto abbreviations = resources::ReadBuiltInTable("text/abbreviations.tsv", 2);
  if (!abbreviations.ok()) return abbreviations.status();
  for (const resources::Row& row : *abbreviations) {
    Abbreviation found = Abbreviation::kNone;
    for (const auto& [name, value] : kClasses) {
      if (row.cells[1] == name) found = value;
    }
    if (found == Abbreviation::kNone) return UnknownClass("text/abbreviations.tsv", row);
    lists.abbreviations_[row.cells[0]] = found;
  }
  auto words = resources::ReadBuiltInTable("text/segment_words.tsv", 2);
  if (!words.ok()) return words.status();
  const std::pair<std::string_view, StringSet*> sets[] = {{"prefix", &lists.prefixes_},
                                                          {"whole", &lists.wholes_},
                                                          {"unit", &lists.units_},
                                                          {"starter", &lists.starters_},
                                                          {"speech", &lists.speech_}};
  for (const resources::Row& row : *words) {
    StringSet* set = nullptr;
    for (const auto& [name, value] : sets) {
      if (row.cells[1] == name) set = value;
    }
    if (set == nullptr) return UnknownClass("text/segment_words.tsv", row);
    set->emplace(row.cells[0]);
  }
  return lists;
}

Abbreviation WordLists::AbbreviationClass(std::string_view word) const {
  if (word.size() > kMaxAbbreviationBytes) return Abbreviation::kNone;
  if (const auto found = abbreviations_.find(word); found != abbreviations_.end()) return found->second;
  std::string titled = absl::AsciiStrToLower(View(word));
  if (word != absl::AsciiStrToUpper(View(word))) return Abbreviation::kNone;
  titled[0] = word[0];
  const auto found = abbreviations_.find(titled);
  return found == abbreviations_.end() ? Abbreviation::kNone : found->second;
}

}  // namespace demarche::segment
