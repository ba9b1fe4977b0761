#include "pipeline/train/own_tokens.h"

#include <map>
#include <memory>
#include <utility>

#include "demarche/v1/news_item.pb.h"
#include "pipeline/document/document.h"
#include "pipeline/normalize/normalize.h"
#include "pipeline/segment/segment.h"
#include "pipeline/syntax/tags.h"

namespace demarche::train {
namespace {

using document::Document;

// What is found in one sentence's text.
class Reader {
 public:
  Reader(const syntax::Model& model, const syntax::Kernels& kernels, const stage::Stage& normalize, const stage::Stage& segment)
      : model_(model), parser_(model, kernels), normalize_(normalize), segment_(segment) {}

  absl::Status Read(const GoldSentence& gold, ModelScore& score) {
    v1::NewsItem item;
    std::vector<size_t> begins;
    item.set_title(TextOf(gold, begins));  // a title is always one sentence
    item.set_language_code("en");
    Document document(item);
    if (auto status = normalize_.Process(document); !status.ok()) return status;
    if (auto status = segment_.Process(document); !status.ok()) return status;
    std::vector<document::Span> spans;
    batch_.Clear();
    for (const document::Sentence& sentence : document.sentences) {
      for (const document::Token& token : sentence.tokens) {
        spans.push_back(document.text(document::Field::kTitle).map.ToReceived(token.span));
        batch_.Add(token.text, token.lower);
      }
    }
    batch_.EndSentence();
    parser_.Run(batch_);
    Compare(gold, begins, spans, score);
    return absl::OkStatus();
  }

 private:
  void Compare(const GoldSentence& gold, const std::vector<size_t>& begins, const std::vector<document::Span>& spans,
               ModelScore& score) const {
    const int root = static_cast<int>(gold.size());
    std::map<std::pair<size_t, size_t>, int> gold_at;
    for (int i = 0; i < root; ++i) gold_at[{begins[i], begins[i] + gold[i].form.size()}] = i;
    std::vector<int> found(spans.size(), -1);  // the gold token of each of ours
    std::vector<bool> is_found(gold.size());
    for (size_t i = 0; i < spans.size(); ++i) {
      const auto at = gold_at.find({spans[i].begin, spans[i].end});
      if (at == gold_at.end()) continue;
      found[i] = at->second;
      is_found[at->second] = true;
    }
    for (size_t i = 0; i < spans.size(); ++i) {
      const syntax::Analysis& analysis = batch_.result()[i];
      const PredictedToken predicted = {syntax::TagName(model_.upos(analysis.upos)), model_.xpos(analysis.xpos),
                                        model_.label(analysis.label),
                                        analysis.head == document::kRoot ? root : found[analysis.head]};
      for (Score* one : {&score.all, &score.words}) {
        found[i] < 0 ? one->AddExtra(predicted) : one->Add(gold[found[i]], predicted);
      }
    }
    for (int i = 0; i < root; ++i) {
      if (is_found[i]) continue;
      score.all.AddMissed(gold[i]);
      score.words.AddMissed(gold[i]);
    }
  }

  const syntax::Model& model_;
  const syntax::Parser parser_;
  const stage::Stage& normalize_;
  const stage::Stage& segment_;
  syntax::Batch batch_;
};

}  // namespace

absl::StatusOr<ModelScore> ScoreOwnTokens(const syntax::Model& model, const syntax::Kernels& kernels,
                                          const std::vector<GoldSentence>& sentences) {
  const auto normalize = normalize::MakeNormalize();
  if (!normalize.ok()) return normalize.status();
  const auto segment = segment::MakeSegment();
  if (!segment.ok()) return segment.status();
  Reader reader(model, kernels, **normalize, **segment);
  ModelScore score;
  for (const GoldSentence& sentence : sentences) {
    if (auto status = reader.Read(sentence, score); !status.ok()) return status;
  }
  return score;
}

}  // namespace demarche::train
