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
  Lexicon lexicon;
  if (auto status = lexicon.ReadForms(); !status.ok()) return status;
  if (auto status = lexicon.ReadLemmas(); !status.ok()) return status;
  return lexicon;
}

void Lexicon::AddLemma(std::string_view text, Upos upos) {
  Lemma& lemma = lemmas_[text];
  lemma.text = text;
  lemma.tags |= Bit(upos);
}

absl::Status Lexicon::ReadForms() {
  auto rows = resources::ReadBuiltInTable("text/forms.tsv", 2);
  if (!rows.ok()) return rows.status();
  forms_.reserve(rows->size());
  for (const resources::Row& row : *rows) {
    std::vector<Reading>& readings = forms_[row.cells[0]];
    for (std::string_view cell : resources::Split(row.cells[1], ' ')) {
      Reading reading;
      if (!ReadReading(row.cells[0], cell, reading)) {
        return absl::InvalidArgumentError("text/forms.tsv:" + std::to_string(row.line) + ": '" + std::string(cell) +
                                          "' is no reading");
      }
      readings.push_back(reading);
      AddLemma(reading.lemma, reading.upos);
    }
  }
  return absl::OkStatus();
}

absl::Status Lexicon::ReadLemmas() {
  auto rows = resources::ReadBuiltInTable("text/news_lemmas.tsv", 2);
  if (!rows.ok()) return rows.status();
  for (const resources::Row& row : *rows) {
    const Upos upos = TagFromName(row.cells[1]);
    if (upos == Upos::kUnknown) {
      return absl::InvalidArgumentError("text/news_lemmas.tsv:" + std::to_string(row.line) + ": '" + std::string(row.cells[1]) +
                                        "' is no part of speech");
    }
    AddLemma(row.cells[0], upos);
  }
  return absl::OkStatus();
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
