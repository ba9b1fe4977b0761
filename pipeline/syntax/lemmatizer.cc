#include "pipeline/syntax/lemmatizer.h"

#include "pipeline/resources/table.h"
#include "pipeline/syntax/inflection.h"

namespace demarche::syntax {
namespace {

using document::Document;
using document::Token;
using document::Upos;

}  // namespace

absl::StatusOr<Lemmatizer> Lemmatizer::Make(const Lexicon& lexicon) {
  auto rows = resources::ReadBuiltInTable("text/lemma_exceptions.tsv", 3);
  if (!rows.ok()) return rows.status();
  Lemmatizer lemmatizer(lexicon);
  for (const resources::Row& row : *rows) {
    if (row.cells[1] != "VERB" && row.cells[1] != "NOUN") {
      return absl::InvalidArgumentError("text/lemma_exceptions.tsv:" + std::to_string(row.line) + ": '" +
                                        std::string(row.cells[1]) + "' is neither VERB nor NOUN");
    }
    (row.cells[1] == "VERB" ? lemmatizer.verbs_ : lemmatizer.nouns_)[row.cells[0]] = row.cells[2];
  }
  return lemmatizer;
}

std::string_view Lemmatizer::Lemma(const Token& token, Document& document) const {
  if (token.upos == Upos::kVerb || token.upos == Upos::kNoun) {
    const auto& irregular = token.upos == Upos::kVerb ? verbs_ : nouns_;
    if (const auto found = irregular.find(token.lower); found != irregular.end()) return found->second;
  }
  for (const Reading& reading : lexicon_.Readings(token.lower)) {
    if (reading.upos == token.upos) return reading.lemma;
  }
  return ByRules(token.lower, token.upos, document);
}

std::string_view Lemmatizer::ByRules(std::string_view word, Upos upos, Document& document) const {
  return Best(LemmaCandidates(word, upos), word, upos, document);
}

// The first candidate that is a known lemma, else the most probable one. Comparatives must be known: 'leader', 'border'.
std::string_view Lemmatizer::Best(const std::vector<std::string>& candidates, std::string_view word, Upos upos,
                                  Document& document) const {
  for (const std::string& candidate : candidates) {
    if (const std::string_view known = lexicon_.FindLemma(candidate, upos); !known.empty()) return known;
  }
  if (candidates.empty() || upos == Upos::kAdj || upos == Upos::kAdv) return word;
  const std::string& first = candidates.front();
  return word.substr(0, first.size()) == first ? word.substr(0, first.size()) : document.Keep(first);
}

}  // namespace demarche::syntax
