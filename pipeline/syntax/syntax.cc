#include "pipeline/syntax/syntax.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/document/relation.h"
#include "pipeline/syntax/features.h"
#include "pipeline/syntax/lemmatizer.h"
#include "pipeline/syntax/lexicon.h"
#include "pipeline/syntax/mend.h"
#include "pipeline/syntax/model.h"
#include "pipeline/syntax/parser.h"
#include "pipeline/syntax/tags.h"

namespace demarche::syntax {
namespace {

using document::Document;
using document::Sentence;
using document::Token;

namespace relation = document::relation;

// Relations of nouns: a verb form under one of these is a noun where the lexicon knows it as such ('talks were held').
bool IsNominal(std::string_view label) {
  return label == relation::kNsubj || label == relation::kNsubjPass || label == relation::kObj || label == relation::kIobj ||
         label == relation::kObl || label == relation::kNmod;
}

// The dateline is no part of the sentence: its words hang on the root, loosely.
void ReadDateline(Token& token, int16_t root) {
  const Shape shape = ShapeOf(token.text);
  const bool is_number = shape == Shape::kDigits || shape == Shape::kDigitsAndPunctuation;
  token.upos = shape == Shape::kPunctuation ? document::Upos::kPunct : is_number ? document::Upos::kNum : document::Upos::kPropn;
  token.xpos = token.upos == document::Upos::kPropn ? "NNP" : "";
  token.head = root;
  token.label = token.upos == document::Upos::kPunct ? relation::kPunct : relation::kList;
}

// What an acronym's letters end with says nothing of it: one that the lexicon does not know is parsed as this one.
constexpr std::string_view kKnownAcronym = "nato";

// The treebanks hardly know 'neighbouring', which is no verb in the news.
constexpr std::string_view kKnownAdjective = "nearby";

// Immutable; see MakeSyntax. Sentences are parsed a batch at a time in memory of the thread.
class Syntax : public stage::Stage {
 public:
  Syntax(std::unique_ptr<const Lexicon> lexicon, Lemmatizer lemmatizer, std::unique_ptr<const Model> model)
      : lexicon_(std::move(lexicon)),
        lemmatizer_(std::move(lemmatizer)),
        model_(std::move(model)),
        parser_(*model_, SupportedKernels().back()) {}

  std::string_view name() const override { return "syntax"; }
  uint32_t needs() const override { return stage::kSentences | stage::kGate; }
  uint32_t gives() const override { return stage::kLemmas | stage::kTree; }
  absl::Status Process(Document& document) const override;

 private:
  void Run(Batch& batch, std::vector<Sentence*>& sentences) const;
  void Finish(Sentence& sentence, Document& document) const;
  bool IsNounByItsRelation(const Token& token) const;
  std::string_view FormOf(const Token& token) const;

  const std::unique_ptr<const Lexicon> lexicon_;  // the lemmatizer refers to it
  const Lemmatizer lemmatizer_;
  const std::unique_ptr<const Model> model_;  // the parser refers to it
  const Parser parser_;
};

void Syntax::Run(Batch& batch, std::vector<Sentence*>& sentences) const {
  parser_.Run(batch);
  auto analysis = batch.result().begin();
  for (Sentence* sentence : sentences) {
    const int16_t dateline = static_cast<int16_t>(sentence->dateline);
    int16_t root = dateline;
    for (Token& token : std::span(sentence->tokens).subspan(dateline)) {
      token.upos = model_->upos(analysis->upos);
      token.xpos = model_->xpos(analysis->xpos);
      token.head = static_cast<int16_t>(analysis->head);
      if (token.head == document::kRoot) root = static_cast<int16_t>(&token - sentence->tokens.data());
      if (token.head != document::kRoot) token.head = static_cast<int16_t>(token.head + dateline);
      token.label = model_->label(analysis->label);
      ++analysis;
    }
    for (Token& token : std::span(sentence->tokens).first(dateline)) ReadDateline(token, root);
    Mend(*sentence);
  }
  batch.Clear();
  sentences.clear();
}

bool Syntax::IsNounByItsRelation(const Token& token) const {
  if (token.upos != document::Upos::kVerb || !IsNominal(token.label)) return false;
  const auto& readings = lexicon_->Readings(token.lower);
  return std::any_of(readings.begin(), readings.end(),
                     [](const Reading& reading) { return reading.upos == document::Upos::kNoun; });
}

// The form by which the parser knows a token.
std::string_view Syntax::FormOf(const Token& token) const {
  if (ShapeOf(token.text) == Shape::kUpper && lexicon_->Readings(token.lower).empty()) return kKnownAcronym;
  if (token.lower == "neighbouring" || token.lower == "neighboring") return kKnownAdjective;
  return token.lower;
}

// Lemmas, and what `explain` shows: 'said/say/VERB>0:root'.
void Syntax::Finish(Sentence& sentence, Document& document) const {
  std::string note;
  for (Token& token : sentence.tokens) {
    if (IsNounByItsRelation(token)) token.upos = document::Upos::kNoun;
    token.lemma = lemmatizer_.Lemma(token, document);
    if (document.trace == nullptr) continue;
    note.append(note.empty() ? "" : " ").append(token.lemma).append("/").append(TagName(token.upos)).append(">");
    note.append(std::to_string(token.head + 1)).append(":").append(token.label);
  }
  document.Note(sentence, sentence.span, std::move(note));
}

absl::Status Syntax::Process(Document& document) const {
  thread_local Batch batch;
  thread_local std::vector<Sentence*> sentences;
  batch.Clear();
  sentences.clear();
  for (Sentence& sentence : document.sentences) {
    if (!sentence.is_gated) continue;
    for (const Token& token : std::span(sentence.tokens).subspan(sentence.dateline)) batch.Add(token.text, FormOf(token));
    batch.EndSentence();
    sentences.push_back(&sentence);
    if (batch.full()) Run(batch, sentences);
  }
  Run(batch, sentences);
  for (Sentence& sentence : document.sentences) {
    if (sentence.is_gated) Finish(sentence, document);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const stage::Stage>> MakeSyntax(std::string_view profile) {
  auto read = Lexicon::Make();
  if (!read.ok()) return read.status();
  auto lexicon = std::make_unique<const Lexicon>(*std::move(read));
  auto lemmatizer = Lemmatizer::Make(*lexicon);
  if (!lemmatizer.ok()) return lemmatizer.status();
  auto model = Model::MakeBuiltIn(profile);
  if (!model.ok()) return model.status();
  return std::make_unique<Syntax>(std::move(lexicon), *std::move(lemmatizer), std::make_unique<const Model>(*std::move(model)));
}

}  // namespace demarche::syntax
