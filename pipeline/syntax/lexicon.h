#ifndef DEMARCHE_PIPELINE_SYNTAX_LEXICON_H_
#define DEMARCHE_PIPELINE_SYNTAX_LEXICON_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline/document/document.h"
#include "pipeline/document/strings.h"

namespace demarche::syntax {

// What a word form may be. `lemma` lives as long as the program.
struct Reading {
  document::Upos upos = document::Upos::kUnknown;
  std::string_view lemma;
  int count = 0;  // how often it was seen
};

// Word forms with their readings (resources/text/forms.tsv) and further lemmas (news_lemmas.tsv). Immutable; any thread.
class Lexicon {
 public:
  static absl::StatusOr<Lexicon> Make();

  // The readings of a form in lower case, the most frequent first; empty for an unknown form.
  const std::vector<Reading>& Readings(std::string_view lower) const;
  // The word as a lemma of this part of speech; empty when it is none. The view lives as long as the program.
  std::string_view FindLemma(std::string_view word, document::Upos upos) const;

 private:
  absl::Status ReadForms();
  absl::Status ReadLemmas();
  void AddLemma(std::string_view text, document::Upos upos);

  struct Lemma {
    std::string_view text;
    uint32_t tags = 0;  // bits
  };

  StringMap<std::vector<Reading>> forms_;
  StringMap<Lemma> lemmas_;
  std::vector<Reading> none_;
};

}  // namespace demarche::syntax

#endif  // DEMARCHE_PIPELINE_SYNTAX_LEXICON_H_
