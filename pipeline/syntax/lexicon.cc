#include "pipeline/syntax/lexicon.h"

#include <string>

#include "absl/strings/numbers.h"
#include "pipeline/resources/table.h"
#include "pipeline/syntax/tags.h"

namespace demarche::syntax {
namespace {

using document::Upos;

uint32_t Bit(Upos upos) { return 1u << static_cast<int>(upos); }

// Reads 'VERB:say:12'. False when it is none.
bool ReadReading(std::string_view form, std::string_view cell, Reading& reading) {
  const size_t first = cell.find(':');
  const size_t last = cell.rfind(':');
  if (first == last) return false;
  reading.upos = TagFromName(cell.substr(0, first));
  reading.lemma = cell.substr(first + 1, last - first - 1);
  if (reading.lemma == "=") reading.lemma = form;
  return reading.upos != Upos::kUnknown && !reading.lemma.empty() &&
         absl::SimpleAtoi(View(cell.substr(last + 1)), &reading.count) && reading.count > 0;
}

}  // namespace

absl::StatusOr<Lexicon> Lexicon::Make() {
  auto rows = resources::ReadBuiltInTable("text/forms.tsv", 2);
  if (!rows.ok()) return rows.status();
  Lexicon lexicon;
  lexicon.forms_.reserve(rows->size());
  for (const resources::Row& row : *rows) {
    std::vector<Reading>& readings = lexicon.forms_[row.cells[0]];
    for (std::string_view cell : resources::Split(row.cells[1], ' ')) {
      Reading reading;
      if (!ReadReading(row.cells[0], cell, reading)) {
        return absl::InvalidArgumentError("text/forms.tsv:" + std::to_string(row.line) + ": '" + std::string(cell) +
                                          "' is no reading");
      }
      readings.push_back(reading);
      Lemma& lemma = lexicon.lemmas_[reading.lemma];
      lemma.text = reading.lemma;
      lemma.tags |= Bit(reading.upos);
    }
  }
  return lexicon;
}

const std::vector<Reading>& Lexicon::Readings(std::string_view lower) const {
  const auto found = forms_.find(lower);
  return found == forms_.end() ? none_ : found->second;
}

std::string_view Lexicon::FindLemma(std::string_view word, Upos upos) const {
  const auto found = lemmas_.find(word);
  return found != lemmas_.end() && (found->second.tags & Bit(upos)) != 0 ? found->second.text : std::string_view();
}

}  // namespace demarche::syntax
