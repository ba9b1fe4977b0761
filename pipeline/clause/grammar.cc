#include "pipeline/clause/grammar.h"

#include <string>
#include <utility>

#include "pipeline/resources/table.h"

namespace demarche::clause {

absl::StatusOr<Grammar> Grammar::Load() {
  constexpr std::string_view kTable = "lexicon/grammar.tsv";
  const auto rows = resources::ReadBuiltInTable(kTable, 2);
  if (!rows.ok()) return rows.status();
  Grammar grammar;
  const std::pair<std::string_view, StringSet*> classes[] = {
      {"speech", &grammar.speech},           {"object_control", &grammar.object_control},
      {"relatives", &grammar.relatives},     {"modals", &grammar.modals},
      {"participles", &grammar.participles}, {"adverbial_marks", &grammar.adverbial_marks},
      {"time_nouns", &grammar.time_nouns},   {"time_openers", &grammar.time_openers},
      {"pronouns", &grammar.pronouns},       {"rivals", &grammar.rivals},
      {"belongings", &grammar.belongings},   {"shared", &grammar.shared},
      {"privates", &grammar.privates},       {"unnamed", &grammar.unnamed},
      {"outsiders", &grammar.outsiders},     {"agents", &grammar.agents},
      {"receiving", &grammar.receiving},
  };
  for (const resources::Row& row : *rows) {
    StringSet* target = nullptr;
    for (const auto& [name, set] : classes) {
      if (name == row.cells[0]) target = set;
    }
    if (target == nullptr) {
      return absl::InvalidArgumentError(std::string(kTable) + ":" + std::to_string(row.line) + ": unknown class '" +
                                        std::string(row.cells[0]) + "'");
    }
    for (std::string_view word : resources::Split(row.cells[1], ' ')) target->emplace(word);
  }
  return grammar;
}

}  // namespace demarche::clause
