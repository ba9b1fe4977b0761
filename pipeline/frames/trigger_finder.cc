#include "pipeline/frames/trigger_finder.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "pipeline/resources/table.h"

namespace demarche::frames {
namespace {

using Counts = StringMap<uint64_t>;

// How often each form stands in the treebanks.
absl::StatusOr<Counts> CountForms() {
  constexpr std::string_view kTable = "text/forms.tsv";
  const auto rows = resources::ReadBuiltInTable(kTable, 2);
  if (!rows.ok()) return rows.status();
  Counts counts;
  for (const resources::Row& row : *rows) {
    for (const std::string_view reading : resources::Split(row.cells[1], ' ')) {
      uint64_t count = 0;
      if (!absl::SimpleAtoi(View(reading.substr(reading.rfind(':') + 1)), &count)) {
        return absl::InvalidArgumentError(absl::StrCat(View(kTable), ":", row.line, ": no count in '", View(reading), "'"));
      }
      counts[row.cells[0]] += count;
    }
  }
  return counts;
}

uint64_t CountOf(const StringSet& words, const Counts& counts) {
  return std::accumulate(words.begin(), words.end(), uint64_t{0}, [&](uint64_t sum, const std::string& word) {
    const auto found = counts.find(word);
    return sum + (found == counts.end() ? 0 : found->second);
  });
}

// Whether the sense is an event without another: an operator may be one only over an act, which has words of its own.
bool StandsAlone(const Lexicon& lexicon, const Sense& sense) {
  return sense.content.empty() || !lexicon.KindOver(sense.content, nullptr, false).empty() ||
         !lexicon.KindOver(sense.content, nullptr, true).empty();
}

}  // namespace

absl::StatusOr<TriggerFinder> TriggerFinder::Make(std::shared_ptr<const Lexicon> lexicon) {
  TriggerFinder finder;
  finder.lexicon_ = std::move(lexicon);
  const auto counts = CountForms();
  if (!counts.ok()) return counts.status();
  for (const Sense& sense : finder.lexicon_->senses()) {
    if (!StandsAlone(*finder.lexicon_, sense)) continue;
    const StringSet* rarest = nullptr;
    uint64_t least = 0;
    for (const Element& element : sense.elements) {
      if (element.optional || element.words.empty()) continue;
      const uint64_t count = CountOf(element.words, *counts);
      if (rarest != nullptr && count >= least) continue;
      rarest = &element.words;
      least = count;
    }
    for (const std::string& word : *rarest) finder.by_word_[word].push_back(&sense);
  }
  return finder;
}

bool TriggerFinder::operator()(const document::Sentence& sentence) const {
  const Presence presence(lexicon_->word_sets(), sentence);
  return std::any_of(sentence.tokens.begin(), sentence.tokens.end(), [&](const document::Token& token) {
    const auto found = by_word_.find(token.lower);
    return found != by_word_.end() && std::any_of(found->second.begin(), found->second.end(),
                                                  [&](const Sense* sense) { return presence.HasAll(sense->needs); });
  });
}

}  // namespace demarche::frames
