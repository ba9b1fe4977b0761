#include "pipeline/syntax/syntax.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/syntax/lemmatizer.h"
#include "pipeline/syntax/lexicon.h"
#include "pipeline/syntax/tagger.h"
#include "pipeline/syntax/tags.h"

namespace demarche::syntax {
namespace {

using document::Document;
using document::Sentence;
using document::Token;

// Immutable; see MakeSyntax.
class Syntax : public stage::Stage {
 public:
  Syntax(std::unique_ptr<const Lexicon> lexicon, Tagger tagger, Lemmatizer lemmatizer)
      : lexicon_(std::move(lexicon)), tagger_(std::move(tagger)), lemmatizer_(std::move(lemmatizer)) {}

  std::string_view name() const override { return "syntax"; }
  uint32_t needs() const override { return stage::kSentences | stage::kGate; }
  uint32_t gives() const override { return stage::kLemmas; }
  absl::Status Process(Document& document) const override;

 private:
  const std::unique_ptr<const Lexicon> lexicon_;  // the others refer to it
  const Tagger tagger_;
  const Lemmatizer lemmatizer_;
};

absl::Status Syntax::Process(Document& document) const {
  for (Sentence& sentence : document.sentences) {
    if (!sentence.is_gated) continue;
    tagger_.Tag(sentence);
    std::string note;
    for (Token& token : sentence.tokens) {
      token.lemma = lemmatizer_.Lemma(token, document);
      if (document.trace == nullptr) continue;
      note.append(note.empty() ? "" : " ").append(token.lemma).append("/").append(TagName(token.upos));
    }
    document.Note(sentence, sentence.span, std::move(note));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeSyntax() {
  auto read = Lexicon::Make();
  if (!read.ok()) return read.status();
  auto lexicon = std::make_unique<const Lexicon>(*std::move(read));
  auto tagger = Tagger::Make(*lexicon);
  if (!tagger.ok()) return tagger.status();
  auto lemmatizer = Lemmatizer::Make(*lexicon);
  if (!lemmatizer.ok()) return lemmatizer.status();
  return std::make_unique<Syntax>(std::move(lexicon), *std::move(tagger), *std::move(lemmatizer));
}

}  // namespace demarche::syntax
