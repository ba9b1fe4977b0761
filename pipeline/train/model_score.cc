#include "pipeline/train/model_score.h"

#include <algorithm>
#include <ctime>

#include "pipeline/syntax/mend.h"
#include "pipeline/syntax/tags.h"

namespace demarche::train {
namespace {

std::vector<syntax::Analysis> Analyse(const syntax::Parser& parser, const std::vector<GoldSentence>& sentences) {
  std::vector<syntax::Analysis> analyses;
  syntax::Batch batch;
  const auto flush = [&] {
    parser.Run(batch);
    analyses.insert(analyses.end(), batch.result().begin(), batch.result().end());
    batch.Clear();
  };
  for (const GoldSentence& sentence : sentences) {
    for (const GoldToken& token : sentence) batch.Add(token.form, token.lower);
    batch.EndSentence();
    if (batch.full()) flush();
  }
  flush();
  return analyses;
}

// A sentence as the stage hands it to `Mend`.
document::Sentence ToMend(const GoldSentence& gold, const std::vector<PredictedToken>& predicted) {
  document::Sentence sentence;
  for (size_t i = 0; i < gold.size(); ++i) {
    document::Token& token = sentence.tokens.emplace_back();
    token.text = gold[i].form;
    token.lower = gold[i].lower;
    token.upos = syntax::TagFromName(predicted[i].upos);
    token.xpos = predicted[i].xpos;
    token.head = predicted[i].head == static_cast<int>(gold.size()) ? document::kRoot : static_cast<int16_t>(predicted[i].head);
    token.label = predicted[i].label;
  }
  return sentence;
}

void MendAll(const GoldSentence& gold, std::vector<PredictedToken>& predicted) {
  document::Sentence sentence = ToMend(gold, predicted);
  syntax::Mend(sentence);
  for (size_t i = 0; i < gold.size(); ++i) {
    const document::Token& token = sentence.tokens[i];
    predicted[i].upos = syntax::TagName(token.upos);
    predicted[i].head = token.head == document::kRoot ? static_cast<int>(gold.size()) : token.head;
    predicted[i].label = token.label;
  }
}

}  // namespace

ModelScore ScoreModel(const syntax::Model& model, const syntax::Kernels& kernels, const std::vector<GoldSentence>& sentences) {
  const syntax::Parser parser(model, kernels);
  const std::clock_t start = std::clock();
  const std::vector<syntax::Analysis> analyses = Analyse(parser, sentences);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  ModelScore score;
  score.tokens_per_second = static_cast<double>(analyses.size()) / std::max(seconds, 1e-9);
  size_t next = 0;
  for (const GoldSentence& sentence : sentences) {
    const int root = static_cast<int>(sentence.size());
    auto& tokens = score.predicted.emplace_back();
    bool has_attribution = false, attribution_right = true;
    for (const GoldToken& token : sentence) {
      const syntax::Analysis& analysis = analyses[next++];
      const PredictedToken predicted = {syntax::TagName(model.upos(analysis.upos)), model.xpos(analysis.xpos),
                                        model.label(analysis.label), analysis.head == document::kRoot ? root : analysis.head};
      score.all.Add(token, predicted);
      score.words.Add(token, predicted);
      tokens.push_back(predicted);
      has_attribution = has_attribution || token.attribution;
      attribution_right = attribution_right && (!token.attribution || token.head == predicted.head);
    }
    MendAll(sentence, tokens);
    for (size_t i = 0; i < sentence.size(); ++i) score.mended.Add(sentence[i], tokens[i]);
    score.attribution.sentences += has_attribution ? 1 : 0;
    score.attribution.right += has_attribution && attribution_right ? 1 : 0;
  }
  return score;
}

}  // namespace demarche::train
