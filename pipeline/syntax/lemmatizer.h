#ifndef DEMARCHE_PIPELINE_SYNTAX_LEMMATIZER_H_
#define DEMARCHE_PIPELINE_SYNTAX_LEMMATIZER_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"
#include "pipeline/syntax/lexicon.h"

namespace demarche::syntax {

// Finds the dictionary form of a word whose part of speech is known: the lexicon first, then irregular forms, then rules for
// endings ('-ied', '-ing' with doubling ...). Immutable; any thread. The lexicon must outlive it.
class Lemmatizer {
 public:
  static absl::StatusOr<Lemmatizer> Make(const Lexicon& lexicon);

  // In lower case. A new string is kept by the document; else the view is of the token or of a table.
  std::string_view Lemma(const document::Token& token, document::Document& document) const;

 private:
  explicit Lemmatizer(const Lexicon& lexicon) : lexicon_(lexicon) {}

  std::string_view ByRules(std::string_view word, document::Upos upos, document::Document& document) const;
  std::string_view Best(const std::vector<std::string>& candidates, std::string_view word, document::Upos upos,
                        document::Document& document) const;

  const Lexicon& lexicon_;
  StringMap<std::string_view> verbs_;  // irregular forms
  StringMap<std::string_view> nouns_;
};

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_LEMMATIZER_H_
